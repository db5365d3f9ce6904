/** A BMP file (Windows 3: BITMAPFILEHEADER, BITMAPINFOHEADER) of pixels in RGB, row by row from the top. */
export function bmpFile(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const headerBytes = 54;
  const file = new Uint8Array(headerBytes + rowBytes * height);
  const view = new DataView(file.buffer);
  view.setUint16(0, 0x424d); // "BM"
  view.setUint32(2, file.length, true);
  view.setUint32(10, headerBytes, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true); // positive: rows are stored from the bottom
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  view.setUint32(34, rowBytes * height, true);
  for (let y = 0; y < height; y++) {
    let from = y * width * 3;
    let to = headerBytes + (height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++, from += 3, to += 3) {
      file[to] = rgb[from + 2] ?? 0;
      file[to + 1] = rgb[from + 1] ?? 0;
      file[to + 2] = rgb[from] ?? 0;
    }
  }
  return file;
}
