/** Answers that are no JSON: pictures, and exports that are made while they are sent. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { StreamedReply } from '#contract/request.ts';

/**
 * Sends what a `reply: 'stream'` handler gave. Its pieces are taken as fast as the receiver reads them. Rejects if making
 * one fails; a receiver that goes away is no failure.
 */
export async function sendStream(response: Response, value: unknown): Promise<void> {
  const { contentType, fileName, cacheSeconds, chunks } = value as StreamedReply; // the handler's type says so
  const pieces = await started(chunks);
  response.setHeader('Content-Type', contentType);
  // what people sent must not become a page of this origin, whatever a browser thinks of it
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  if (cacheSeconds !== undefined) {
    response.setHeader('Cache-Control', `private, max-age=${cacheSeconds}, immutable`);
  }
  if (fileName !== undefined) {
    response.setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
  }
  try {
    await pipeline(Readable.from(pieces), response);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Waits for the first piece, so that what fails at once is still answered with a refusal. */
async function started(chunks: StreamedReply['chunks']): Promise<AsyncIterable<string | Uint8Array>> {
  const source = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const first = await source.next();
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (let step = first; step.done !== true; step = await source.next()) yield step.value;
      } finally {
        await source.return?.();
      }
    },
  };
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
