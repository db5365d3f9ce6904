import type { Messages } from "./en.ts";
import type { Locale } from "./locales.ts";

/** On Git LFS pointers, which only meet who sends or commits files: apart from what every page loads. */
const english = {
  absent: "a Git LFS pointer to {size} that are not on this machine: nothing but the size can be judged",
  "absent.hint": "fetch the object with git lfs pull, or commit where it is",
  "sent.hint": "fetch the object that it stands for with git lfs pull, then send that",
};

const others: Partial<Record<Locale, typeof english>> = {
  "zh-CN": {
    absent: "这是 Git LFS 指针，所指的文件（{size}）不在本机：只能判断大小",
    "absent.hint": "用 git lfs pull 取得该文件，或在有该文件的机器上提交",
    "sent.hint": "先用 git lfs pull 取得它所指的文件，再发送",
  },
};

/** A message on Git LFS pointers; English where a language has none. */
export function lfsPointerMessage(
  key: keyof typeof english,
  locale?: Locale | Messages | null,
  size = "",
): string {
  const messages = (typeof locale === "string" && others[locale]) || english;
  return messages[key].replace("{size}", size);
}
