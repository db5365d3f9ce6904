/**
 * Codec names by the commonest sample entry types, as the MP4 registration authority (mp4ra.org/registered-types/sampleentries)
 * and Apple's QuickTime File Format Specification list them. Codes are compared without case and blanks; a codec
 * that is not listed is named by its code.
 */
const entries =
  "h264:avc1 avc2 avc3 avc4 dva1 dvav h264|hevc:hvc1 hev1 hvc2 hev2 dvh1 dvhe|vvc:vvc1 vvi1|av1:av01 dav1|vp8:vp08|" +
  "vp9:vp09|mpeg4:mp4v divx xvid|h263:h263 s263|mjpeg:jpeg mjpa mjpb mjpg|png:png|prores:apch apcn apcs apco ap4h ap4x|" +
  "dnxhd:avdn avdh|mpeg2video:m2v1 mp2v hdv2 hdv3 xdvb xdvc|dv:dvc dvcp dvpp dvh5 dvh6|svq1:svq1|svq3:svq3|qtrle:rle|" +
  "cinepak:cvid|rawvideo:raw 2vuy yuv2 yuvs uyvy|aac:mp4a|mp3:.mp3 ms\0u|" +
  "pcm:sowt twos lpcm in24 in32 fl32 fl64 none ipcm fpcm|ulaw:ulaw|alaw:alaw|adpcm:ima4 ms\0\x02 ms\0\x11|" +
  "alac:alac|ac3:ac-3|eac3:ec-3|opus:opus|flac:flac|amr:samr sawb|qdm2:qdm2|dts:dtsc dtsh dtsl dtse";

/** By the object type of an esds box, ISO/IEC 14496-1 §7.2.6.6.2, as mp4ra.org/registered-types/object-types has it. */
const objects =
  "mpeg4:20|h264:21|hevc:23|mpeg2video:60 61 62 63 64 65|mpeg1video:6a|mjpeg:6c|png:6d|vp9:b1|" +
  "aac:40 66 67 68|mp3:69 6b|ac3:a5|eac3:a6|dts:a9|opus:ad|vorbis:dd";

const table = (rows: string): ReadonlyMap<string, string> =>
  new Map(
    rows.split("|").flatMap((row) => {
      const [name = "", codes = ""] = row.split(/:(.*)/s);
      return codes.split(" ").map((code) => [code, name] as const);
    }),
  );

const byEntry = /* @__PURE__ */ table(entries);
const byObject = /* @__PURE__ */ table(objects);

/** A codec's usual name, or null for a sample entry type that is not known. */
export const codecOf = (type: string): string | null =>
  byEntry.get(type) ?? byEntry.get(type.toLowerCase().replaceAll(" ", "")) ?? null;

/** The codec of an esds object type indication, or null. */
export const objectCodec = (object: number): string | null => byObject.get(object.toString(16)) ?? null;
