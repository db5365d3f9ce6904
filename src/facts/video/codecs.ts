/**
 * Codec names by sample entry type, as the MP4 registration authority (mp4ra.org/registered-types/sampleentries)
 * and Apple's QuickTime File Format Specification list them. Codes are compared without case and blanks.
 */
const entries =
  "h264:avc1 avc2 avc3 avc4 dva1 dvav h264 x264 ai12 ai13 ai15 ai16 ai1q ai5p ai5q ai52 ai53 ai55 ai56|" +
  "hevc:hvc1 hev1 hvc2 hev2 lhv1 lhe1 dvh1 dvhe hevc h265|vvc:vvc1 vvi1|av1:av01 dav1|vp8:vp08 vp8|vp9:vp09 vp9|" +
  "mpeg4:mp4v divx xvid dx50 fmp4 3iv2|h263:h263 s263 u263|mjpeg:jpeg mjpa mjpb mjpg avdj dmb1|png:png mpng|" +
  "prores:apch apcn apcs apco ap4h ap4x|prores_raw:aprn aprh|dnxhd:avdn avdh|jpeg2000:mjp2 j2ki j2k|" +
  "mpeg2video:m2v1 mpeg mp2v xdv1 xdv2 xdv3 xdv4 xdv5 xdv6 xdv7 xdv8 xdv9 xdva xdvb xdvc xdvd xdve xdvf hdv1 hdv2 hdv3 " +
  "hdv4 hdv5 hdv6 hdv7 hdv8 hdv9 mx3n mx3p mx4n mx4p mx5n mx5p xd51 xd54 xd55 xd59 xd5a xd5b xd5c xd5d xd5e xd5f|" +
  "mpeg1video:m1v mp1v m1v1|dv:dvc dvcp dvpp dv5n dv5p dvh2 dvh3 dvh5 dvh6 dvhp dvhq dv1n dv1p avdv dvcs|" +
  "cfhd:cfhd|v210:v210|hap:hap1 hap5 hapy hapm hapa|cinepak:cvid|indeo3:iv32|indeo5:iv50|svq1:svq1 svqi|svq3:svq3|" +
  "qtrle:rle|rpza:rpza|smc:smc|gif:gif|rawvideo:raw 2vuy yuv2 v308 v408 v410 yuvs uyvy yuy2 b16g b48r b64a r210 " +
  "2vu1 cyuv yv12 i420 nv12 rgba abgr l565 uncv|flv1:flv1 h261|vc1:vc-1|magicyuv:m8rg m8y2|ffv1:ffv1|" +
  "aac:mp4a mha1|mp3:.mp3 ms\0u|pcm:sowt twos lpcm in24 in32 fl32 fl64 none ipcm fpcm 42ni 23ni ms\0\x01|" +
  "ulaw:ulaw|alaw:alaw|adpcm:ima4 ms\0\x02 ms\0\x11 adpc|alac:alac|ac3:ac-3 ms\x20\0|eac3:ec-3|ac4:ac-4|opus:opus|" +
  "flac:flac|amr:samr sawb sawp amrw|qdm2:qdm2|qdmc:qdmc|mace:mac3 mac6|gsm:agsm ms\x001|dts:dtsc dtsh dtsl dtse|" +
  "truehd:mlpa|vorbis:vorb oggv|qcelp:qclp sqcp qclq|evrc:sevc|speex:spex spx|wma:wma ms\x01a owma";

/** By the object type of an esds box, ISO/IEC 14496-1 §7.2.6.6.2, as mp4ra.org/registered-types/object-types has it. */
const objects =
  "mpeg4:20|h264:21|hevc:23|mpeg2video:60 61 62 63 64 65|mpeg1video:6a|mjpeg:6c|png:6d|jpeg2000:6e|vp9:b1|dirac:a4|" +
  "aac:40 66 67 68|mp3:69 6b|ac3:a5|eac3:a6|dts:a9 aa ab ac|opus:ad|amr:d0|evrc:d1|vorbis:dd|qcelp:e1";

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
  byEntry.get(type.toLowerCase().replaceAll(" ", "")) ?? null;

/** The codec of an esds object type indication, or null. */
export const objectCodec = (object: number): string | null => byObject.get(object.toString(16)) ?? null;
