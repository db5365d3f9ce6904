import { expect, expectTypeOf, test } from "vitest";
import * as browser from "../../src/browser.ts";
import * as node from "../../src/index.ts";

/* One name, one meaning, on both sides. What differs is what can be reached: paths in Node, and a ledger in a file. */

type Node = typeof node;
type Browser = typeof browser;
type OnlyNode = Exclude<keyof Node, keyof Browser>;
type OnlyBrowser = Exclude<keyof Browser, keyof Node>;

test("the names are the same, except those that need a file system", () => {
  expectTypeOf<OnlyNode>().toEqualTypeOf<"fileLedger">();
  expectTypeOf<OnlyBrowser>().toEqualTypeOf<never>();
  const onlyNode = Object.keys(node).filter((name) => !(name in browser));
  expect(onlyNode.sort()).toEqual(["fileLedger"]);
});

test("both take the same options and return the same", () => {
  type Options<F extends (...given: never[]) => unknown> = Parameters<F>[1];
  expectTypeOf<Options<Browser["preflight"]>>().toEqualTypeOf<Options<Node["preflight"]>>();
  expectTypeOf<Options<Browser["inspect"]>>().toEqualTypeOf<Options<Node["inspect"]>>();
  expectTypeOf<Options<Browser["submit"]>>().toEqualTypeOf<Options<Node["submit"]>>();
  expectTypeOf<Options<Browser["push"]>>().toEqualTypeOf<Options<Node["push"]>>();
  expectTypeOf<ReturnType<Browser["preflight"]>>().toEqualTypeOf<ReturnType<Node["preflight"]>>();
  expectTypeOf<ReturnType<Browser["inspect"]>>().toEqualTypeOf<ReturnType<Node["inspect"]>>();
  expectTypeOf<ReturnType<Browser["submit"]>>().toEqualTypeOf<ReturnType<Node["submit"]>>();
  expectTypeOf<ReturnType<Browser["push"]>>().toEqualTypeOf<ReturnType<Node["push"]>>();
  // The planner is loaded when it is needed.
  expectTypeOf<Parameters<Browser["planFix"]>>().toEqualTypeOf<Parameters<Node["planFix"]>>();
  expectTypeOf<Awaited<ReturnType<Browser["planFix"]>>>().toEqualTypeOf<ReturnType<Node["planFix"]>>();
  expectTypeOf<Browser["createServerClient"]>().toEqualTypeOf<Node["createServerClient"]>();
  // What a page can give, Node takes too.
  type Input<F extends (...given: never[]) => unknown> = Parameters<F>[0];
  expectTypeOf<Input<Browser["preflight"]>>().toExtend<Input<Node["preflight"]>>();
  expect(Object.keys(browser).length).toBeGreaterThan(15);
});
