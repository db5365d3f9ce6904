import { afterAll, vi } from "vitest";

/* Setup of each test file. Files share a process: what one file changes of it is undone before the next file. */

const environment = { ...process.env };
const directory = process.cwd();

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  if (process.cwd() !== directory) process.chdir(directory);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
