/** A map whose values are removed some time after they expire; all values live about equally long. */
export class ExpiringMap<Value> {
  readonly #values = new Map<string, { value: Value; expires: number }>();

  get(key: string): Value | undefined {
    this.#removeExpired();
    return this.#values.get(key)?.value;
  }

  /** @param expires milliseconds since 1970 */
  set(key: string, value: Value, expires: number): void {
    this.#values.delete(key);
    this.#values.set(key, { value, expires });
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  /** The values that have not expired. */
  *values(): Generator<Value> {
    this.#removeExpired();
    for (const { value } of this.#values.values()) yield value;
  }

  /** The order of insertion is about the order of expiry. */
  #removeExpired(): void {
    const now = Date.now();
    for (const [key, { expires }] of this.#values) {
      if (expires > now) break;
      this.#values.delete(key);
    }
  }
}
