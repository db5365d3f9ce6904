import Uppy from "@uppy/core";
import XHRUpload from "@uppy/xhr-upload";
import { MediaPreflight } from "../../../src/web/uppy.ts";

/* Uppy with its own uploader, which sends to the real server handler. */

const uppy = new Uppy()
  .use(MediaPreflight, { type: "video" })
  .use(XHRUpload, { endpoint: "/media/uploads", formData: false, headers: { accept: "application/json" } });

Object.assign(globalThis, {
  async upload(addresses: string[]) {
    for (const address of addresses) {
      const data = await (await fetch(address)).blob();
      uppy.addFile({ name: address.split("/").pop() ?? "", data, type: "video/mp4" });
    }
    const result = await uppy.upload();
    return {
      successful: result?.successful?.map((file) => file.name),
      failed: result?.failed?.map((file) => ({
        name: file.name,
        error: file.error,
        verdict: (file.meta as unknown as { preflight?: { verdict: string } }).preflight?.verdict,
      })),
      messages: uppy.getState().info?.map(({ details }) => details),
    };
  },
  async retry() {
    const result = await uppy.retryAll();
    return { successful: result?.successful?.length, failed: result?.failed?.length };
  },
});
