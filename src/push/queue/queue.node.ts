/** A queue of files to submit, worked on by several machines: media-preflight/queue. */

export { type EnqueueEvent, type EnqueueOptions, type EnqueueSummary, enqueue } from "./enqueue.node.ts";
export type { JobFailure } from "./job.ts";
export type { QueueOptions } from "./open-queue.node.ts";
export { type DeadLetter, type QueueStatus, queueStatus, type StatusOptions } from "./status.node.ts";
export { work } from "./work.node.ts";
export type { WorkEvent, WorkOptions, WorkSummary } from "./work-options.ts";
