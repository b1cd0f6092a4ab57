// A reporter for `node --test` that writes only how many tests passed and failed, for the totals at the end of `npm test`.

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* countTests(source) {
  for await (const { type, data } of source) {
    // the summary without a file is the one of the whole run
    if (type === 'test:summary' && data.file === undefined) {
      const { passed, failed, cancelled } = data.counts;
      yield JSON.stringify({ passed, failed: failed + cancelled });
    }
  }
}
