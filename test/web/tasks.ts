import type { Page } from "playwright-core";

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds that the thread computed, and that went by. */
  tdur?: number;
  dur?: number;
  args?: { name?: string; src_file?: string };
}

/**
 * Milliseconds that the page's main thread computed in each of its tasks, waiting for a busy machine not counted.
 * @param leftOut whether a task that a source file of the browser posted is left out
 */
export async function tasksDuring(
  page: Page,
  act: () => Promise<void>,
  leftOut: (source: string) => boolean = () => false,
): Promise<number[]> {
  const client = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await client.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "__metadata"] },
  });
  await act();
  const ended = new Promise((done) => client.once("Tracing.tracingComplete", done));
  await client.send("Tracing.end");
  await ended;
  const thread = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const isMain = (event: TraceEvent): boolean => event.args?.name === "CrRendererMain";
  const mains = events.filter((event) => event.name === "thread_name" && isMain(event)).map(thread);
  return events
    .filter((event) => event.name.endsWith("RunTask") && mains.includes(thread(event)))
    .filter((event) => !leftOut(event.args?.src_file ?? ""))
    .map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000);
}
