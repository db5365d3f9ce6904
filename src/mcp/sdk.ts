/*
 * What is used of the Model Context Protocol's SDK. The bundle has this file as a file of its own, so that only
 * `media-preflight mcp` loads the SDK.
 */
export { McpServer } from "@modelcontextprotocol/server";
export { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
export { toStandardJsonSchema } from "@valibot/to-json-schema";
