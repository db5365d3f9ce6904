import type { Run } from "../../args/command.ts";
import { usage } from "../../args/parse.ts";

export const run: Run = async (args, terminal) => {
  if (args.positionals.length > 0)
    throw usage(`mcp takes no argument ${args.positionals[0]}: name a folder with --allow`, "mcp");
  const { serve } = await import("../../../mcp/serve.ts");
  await serve(args.lists.allow ?? [], terminal);
  // The client ends a server by closing its input, or by a signal: that is success.
  process.exitCode = 0;
  return 0;
};
