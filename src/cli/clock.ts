/**
 * Milliseconds of a clock that only goes forward. In the bundle it stands for `performance.now`: to make that object
 * costs a twentieth of Node's own start.
 */
export function millisecondsNow(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
