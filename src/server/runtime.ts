/** Whether Node.js's modules are there: temporary files, and cross-check libraries from packages. */
export const runsOnNode: boolean =
  typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === "string";
