import { type Cursor, text } from "../cursor.ts";
import { type Box, bodyOf, eachBox, skipFields } from "../isobmff/boxes.ts";
import { cleanAperture, type Size } from "../isobmff/clean-aperture.ts";

/** An image sequence's picture track, or a film's (ISO/IEC 23008-12 §7). */
export interface Sequence {
  codec: string;
  coded: Size;
  display: Size;
  /** Degrees clockwise. */
  rotation: number;
  samples: number;
}

/** The first track of pictures in a moov box, one handled as `pict` before one handled as `vide`. */
export async function readSequence(cursor: Cursor, moov: Box): Promise<Sequence | null> {
  let found: Sequence | null = null;
  let foundHandler = "";
  await eachBox(cursor, moov, async (trak) => {
    if (trak.type !== "trak") return;
    let handler = "";
    let quarters = 0;
    let samples = 0;
    let entry: { codec: string; size: Size; shown: Size } | null = null;
    const visit = async (box: Box): Promise<void> => {
      if (box.type === "mdia" || box.type === "minf" || box.type === "stbl")
        await eachBox(cursor, box, visit);
      else if (box.type === "hdlr") {
        const view = await bodyOf(cursor, box, 12);
        // QuickTime's data handler is in minf.
        if (!handler && view.byteLength >= 12) handler = text(view, 8);
      } else if (box.type === "tkhd") {
        const view = await bodyOf(cursor, box, 96);
        const at = view.byteLength >= 4 && view.getUint8(0) ? 52 : 40;
        if (view.byteLength >= at + 8) {
          const a = view.getInt32(at);
          const b = view.getInt32(at + 4);
          quarters = Math.abs(a) >= Math.abs(b) ? (a < 0 ? 2 : 0) : b > 0 ? 1 : 3;
        }
      } else if (box.type === "stsz" || box.type === "stz2") {
        const view = await bodyOf(cursor, box, 12);
        if (view.byteLength >= 12) samples = view.getUint32(8);
      } else if (box.type === "stsd") {
        await eachBox(cursor, skipFields(box, 8), async (sample) => {
          const view = await bodyOf(cursor, sample, 28);
          if (view.byteLength < 28) return true;
          const size: Size = { width: view.getUint16(24), height: view.getUint16(26) };
          let shown = size;
          await eachBox(cursor, skipFields(sample, 78), async (part) => {
            if (part.type === "clap") shown = cleanAperture(size, await bodyOf(cursor, part, 32)) ?? shown;
          });
          entry = { codec: sample.type, size, shown };
          return true;
        });
      }
    };
    await eachBox(cursor, trak, visit);
    const pictures = handler === "pict" || (handler === "vide" && foundHandler !== "pict");
    if (!entry || !pictures || foundHandler === handler) return;
    foundHandler = handler;
    const { codec, size, shown } = entry as { codec: string; size: Size; shown: Size };
    const display = quarters & 1 ? { width: shown.height, height: shown.width } : shown;
    found = { codec, coded: size, display, rotation: quarters * 90, samples };
  });
  return found;
}
