/** Fixtures that are offered to be dragged, and what each shows. */
export const samples = [
  ["video/mp4-h264-aac.mp4", "A clip that passes"],
  ["video/pixels-1920x1080.mp4", "Full HD: too many pixels"],
  ["video/duration-15.3s.mp4", "Too long by a third of a second"],
  ["video/rate-23.976.mp4", "Film rate: passes, with a note"],
  ["video/mvhd-claims-20s.mp4", "Its headers disagree on the length"],
  ["image/jpeg-640x480.jpg", "A picture that passes"],
  ["image/jpeg-299x300.jpg", "One pixel too narrow"],
  ["image/heic-rotated-480x640.heic", "From a phone, turned"],
  ["audio/wav-pcm-stereo-3s.wav", "Three seconds of sound"],
  ["audio/mp3-duration-15.3s.mp3", "Sound that is too long"],
  ["refused/webm.webm", "A format that is not taken"],
  ["refused/page-named.mp4", "A web page named .mp4"],
  ["damaged/mp4-cut-in-mdat.mp4", "A download that broke off"],
  ["damaged/png-without-iend.png", "Its end marker is missing"],
] as const;
