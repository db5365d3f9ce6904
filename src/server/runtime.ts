/** Whether there are Node's modules: temporary files, and cross-check library from packages. */
export const runsOnNode: boolean =
  typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === "string";
