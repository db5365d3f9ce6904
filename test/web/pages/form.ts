import { FieldApi, FormApi } from "@tanstack/form-core";
import { mediaSchema } from "../../../src/browser.ts";

/* A form of TanStack Form, which takes a Standard Schema as a validator. */

Object.assign(globalThis, {
  async fill(address: string) {
    const submitted: string[] = [];
    const form = new FormApi({
      defaultValues: { clip: null as File | null },
      onSubmit: ({ value }) => {
        submitted.push(value.clip?.name ?? "");
      },
    });
    const unmount = form.mount();
    const field = new FieldApi({
      form,
      name: "clip",
      validators: { onChangeAsync: mediaSchema<File | null>({ type: "video" }) },
    });
    field.mount();
    const bytes = await (await fetch(address)).blob();
    field.handleChange(new File([bytes], address.split("/").pop() ?? ""));
    await form.handleSubmit();
    const errors = field.state.meta.errors.map((issue) => issue?.message);
    if (typeof unmount === "function") unmount();
    return { errors, submitted };
  },
});
