import { nextTask } from "../../next-task.ts";

/** Pictures in a strip, and the height of each in pixels. */
const pictures = 8;
const height = 56;
/** Milliseconds to wait for an event of the video. */
const eventTimeout = 4000;

/** Draws pictures of a video side by side, one after another. Stops at the signal, or where the browser cannot. */
export async function drawFilmstrip(
  file: File,
  strip: HTMLCanvasElement,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const url = URL.createObjectURL(file);
  const video = document.createElement("video");
  video.muted = true;
  video.preload = "auto";
  try {
    video.src = url;
    await waitForEvent(video, "loadeddata", signal);
    const width = Math.round((video.videoWidth / (video.videoHeight || 1)) * height) || 1;
    strip.width = width * pictures;
    strip.height = height;
    const context = strip.getContext("2d");
    for (let i = 0; i < pictures; i++) {
      await nextTask();
      video.currentTime = ((i + 0.5) / pictures) * seconds;
      await waitForEvent(video, "seeked", signal);
      context?.drawImage(video, i * width, 0, width, height);
    }
  } catch {
    // The slider works without pictures.
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}

function waitForEvent(
  video: HTMLVideoElement,
  event: "loadeddata" | "seeked",
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = AbortSignal.any([signal, AbortSignal.timeout(eventTimeout)]);
    const fail = (): void => reject(new Error(`no ${event}`));
    if (ended.aborted) return fail();
    video.addEventListener(event, () => resolve(), { once: true, signal: ended });
    video.addEventListener("error", fail, { once: true, signal: ended });
    ended.addEventListener("abort", fail, { once: true });
  });
}
