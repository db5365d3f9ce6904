import { gunzipSync } from "node:zlib";

/**
 * The output of a generation without references: 4 s of 640×640 H.264 at 24 fps in one colour, gzipped. Made by
 * `ffmpeg -f lavfi -i color=c=0x203040:s=640x640:r=24:d=4 -c:v libx264 -preset veryslow -crf 40 -pix_fmt yuv420p
 * -bf 0 -g 96 -movflags +faststart -bitexact`.
 */
const gzipped = [
  "H4sICM/nAmsCA2NsaXAubXA0AO1VXWgcVRS+m6RNkUACVpK2+blJilpMNjOzmzSJDmZZSiJEFKSVgri5O3N3d9iZncnMTbJbiqlF",
  "aVBQsKJh+qCgVB8ExZeUWqmI0NoH+9gWBFsRG0WtPkir1K7nzm7MZrvtRfRxhz1zf853vnPunHPPIoRwihUcw7MthBoQH0EUMq/J",
  "lhOVEWpasmx7HiFkWvMZHW14GlcRan0bhRD/rT+hjajq9QS669MAvBeYS7Iwf4ZlA5+Nt7OBX3R3P7X8NhwqCTw7qc48GDup6bF1",
  "izJvYNv4hKUbBCbY0qvPLoF8hvZ+ESwGM7rprmnmDZ1WIvfB2p4iOd2kHNPwp2XkUjDZOm8FpJVh7tRLuk7dpamKY7TMuSYuzRtO",
  "eixpwvxzj3l6BeZjnrQ7fAo4NBx7CiZTa4iWacBj00jmlZForUR0FIvwHgVUPKSjB4tX0PY0jB9M921C78z08azwXKGZbknvD6Hm",
  "zGq88bWzH/114wa3bnOI55Qj4bI1ydzyZ+72S4I6PBakYC3imSD7gIWTVe5z6YQ9rWpvpjSGXgfdgYrIOc9PMLaD7ChLZ1m6eABl",
  "6SkLLksvSF9d/heBHGr2er6aTsCozumMX6dhiwYjf3orrw5cN5c4jllZhluM0v3cknIp3KvWvZZOYN0wu3lTsWh9veeHT7+/NLXy",
  "xsBFfKn/l2u8mPEg1myXYhmmbkQaG8ZJQmlUkkAxFQbA0ONP7pkcjOLYvjggdaqBIm47BZOmGFYkKTKoSIoCmxnGnPGhoYWFhTC/",
  "1bZJcmHbTQ9xL+EMs0zA2A4z7Jw3jjWSJJoqY7i5qjyCdZo0bS2ryuPSuIRJjpgFj6pSPjIu5eVIBFtUnbMy2JtLwkyWsOMVwBje",
  "CVdX5bAEVvDClpGneiLgBJOES3JpqipRrGVc2yIJbouZS03T8FQFj+ZHdY3BljZrqRLEQPQDdg4M5AFZxinisYTjZQ2HI0oEs07C",
  "TqU8ytRBBbOMCxaeGsGmbWdJBhaJtT0Ze6ah0fUNCefcwIdmWITxOIwco65JAAT7SXPOJYWEZlsOYbDW4CNBWzdyQAFAl3BMyiUW",
  "5VQL1EhnmANHyNICqNWxkfIsAe1SHcOeRnNUm2NqVMKBOf8mLvUyYOxqiX/iVUf4WtXcFLag5VAeFyzALCzhWR6NKoUBM+tw3mAk",
  "eXVkDCYeo44axYYDXxlyCkkAX2QWMsjTgfjfhkeXDm9evGUnlNPP/vjSJ7uHX/w9vjJxM/H8qeBPqhGFzn25+auDx749yRcPQ+f5",
  "+Z7Vl5cmXmn5baA3/i4to/7Fb4RflHtjftdSulix3X+Z97eY/9CvsaO7XohsUF0pqcYeaSsoy23nq606Yv5jB9uemz4earnNDHT7",
  "T7UtHt11aKMd122L+cbNtsXvzs3UMNwe8/OvNvXcmj6OmiK1tEtvNfUUgRfFH60OaEfMX/4QtMBcbVxWv38a1H8oy6jKmnN3xvwT",
  "50HNXdcyB/3Zb0AfOK/hvSvmX7zG9dx9reC7Y/5qkQOCABprhACI64dbi8Xi/U8F/4rbanAca74z4nIJ0S5EPCD0slvIMSlEPC30",
  "khZyLAg5jggRbwq9vCfkWBFynBFyXBAirgq9XBch/GaRF19YH76wPnxhffiTQg5hffhpIUJYH/4RYaTC+vCF9eEL68M/I0QI68O/",
  "KkTU+0e9f9T7R71/1PtHvX/8x/7RXolQavWP+yoR+yf+BuyZAr0FFAAA",
].join("");

/** The bytes of a small real MP4. */
export const clip = (): Uint8Array<ArrayBuffer> => new Uint8Array(gunzipSync(Buffer.from(gzipped, "base64")));
