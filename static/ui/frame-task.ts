export type FrameTask = { request: () => void; cancel: () => void };

/** Runs `work` once in the next frame, however often it was asked for; in a hidden page, where frames stop, soon. */
export function createFrameTask(work: () => void): FrameTask {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = undefined;
  };
  const run = (): void => {
    cancel();
    work();
  };
  return {
    request: () => {
      if (frame !== 0 || timer !== undefined) return;
      if (document.visibilityState === 'visible') frame = requestAnimationFrame(run);
      else timer = setTimeout(run, 50);
    },
    cancel,
  };
}
