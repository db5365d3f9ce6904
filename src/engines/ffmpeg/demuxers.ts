import type { Format } from "../../facts/formats.ts";

/**
 * FFmpeg's demuxer for each format that it may read, so that a file's bytes cannot choose one: no playlists,
 * image sequences or scripts. Names as in `ffmpeg -demuxers` of FFmpeg 5.1 – 7.1.
 */
export const demuxers: Readonly<Partial<Record<Format, string>>> = {
  mp4: "mov",
  mov: "mov",
  m4a: "mov",
  "3gp": "mov",
  "3g2": "mov",
  isobmff: "mov",
  webm: "matroska",
  mkv: "matroska",
  weba: "matroska",
  mka: "matroska",
  avi: "avi",
  flv: "flv",
  "mpeg-ts": "mpegts",
  "mpeg-ps": "mpeg",
  "mpeg-video": "mpegvideo",
  "h264-stream": "h264",
  "h265-stream": "hevc",
  wmv: "asf",
  wma: "asf",
  rm: "rm",
  y4m: "yuv4mpegpipe",
  mxf: "mxf",
  ivf: "ivf",
  dv: "dv",
  ogv: "ogg",
  ogg: "ogg",
  wav: "wav",
  mp3: "mp3",
  mp2: "mp3",
  flac: "flac",
  aac: "aac",
  aiff: "aiff",
  amr: "amr",
  au: "au",
  caf: "caf",
  ac3: "ac3",
  dts: "dts",
  ape: "ape",
  wavpack: "wv",
  dsf: "dsf",
  tta: "tta",
  w64: "w64",
  voc: "voc",
  jpeg: "jpeg_pipe",
  png: "png_pipe",
  webp: "webp_pipe",
  bmp: "bmp_pipe",
  tiff: "tiff_pipe",
  gif: "gif",
  avif: "mov",
  jp2: "j2k_pipe",
  jxl: "jpegxl_pipe",
  psd: "psd_pipe",
  exr: "exr_pipe",
  dds: "dds_pipe",
  qoi: "qoi_pipe",
  pcx: "pcx_pipe",
  hdr: "hdr_pipe",
};

/** Formats that state no duration: ffprobe estimates it. */
export const unstatedDuration: ReadonlySet<Format> = new Set([
  "mpeg-ts",
  "mpeg-ps",
  "mpeg-video",
  "h264-stream",
  "h265-stream",
  "aac",
  "ac3",
  "dts",
  "mp2",
  "amr",
]);

/** Formats of bare pictures, which have no timestamps before they are decoded. */
export const withoutTimestamps: ReadonlySet<Format> = new Set(["mpeg-video", "h264-stream", "h265-stream"]);

/** Decoders that may run: those for published media formats. Text, scripting and screen-sharing decoders are excluded. */
export const decoders: readonly string[] = (
  "h264 hevc av1 libdav1d libaom-av1 vp8 vp9 libvpx libvpx-vp9 mpeg4 msmpeg4v1 msmpeg4 msmpeg4v2 msmpeg4v3 h263 h261 " +
  "mpeg1video mpeg2video prores dnxhd mjpeg png apng tiff gif webp bmp dvvideo theora flv1 flv vp6 vp6f vp6a wmv1 wmv2 " +
  "wmv3 vc1 cinepak svq1 svq3 rawvideo v210 qtrle huffyuv ffvhuff ffv1 utvideo rv10 rv20 rv30 rv40 jpeg2000 libopenjpeg " +
  "jpegxl libjxl psd exr dds qoi pcx hdr cfhd hap " +
  "aac aac_latm mp3 mp3float mp2 mp2float mp1 mp1float ac3 eac3 dca truehd flac alac ape wavpack tta vorbis libvorbis " +
  "opus libopus speex libspeex amrnb amrwb libopencore_amrnb libopencore_amrwb wmav1 wmav2 wmapro wmalossless cook " +
  "gsm_ms gsm pcm_s8 pcm_u8 pcm_s16le pcm_s16be pcm_u16le pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le " +
  "pcm_f32be pcm_f64le pcm_f64be pcm_alaw pcm_mulaw pcm_bluray pcm_dvd pcm_lxf adpcm_ima_wav adpcm_ima_qt adpcm_ms " +
  "adpcm_swf dsd_lsbf dsd_msbf dsd_lsbf_planar dsd_msbf_planar"
).split(" ");

/** Subtitle decoders, for files that have subtitles only: they open nothing, and draw nothing. */
export const subtitleDecoders: readonly string[] =
  "srt subrip mov_text webvtt ass ssa text dvdsub dvbsub pgssub xsub cc_dec".split(" ");
