// What Node's JSON.parse makes of documents: one in hexadecimal a line and, after a space, what our
// parser read (`-` if it refused). An answer is `refused`, `read`, or `other` if both read it and
// mean different things.
const { isDeepStrictEqual } = require("node:util");
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function answer(line) {
  const [document, ours] = line.split(" ");
  let value;
  try {
    value = JSON.parse(strict.decode(Buffer.from(document, "hex")));
  } catch {
    return "refused";
  }
  if (ours === "-") return "read";
  const meant = JSON.parse(strict.decode(Buffer.from(ours, "hex")));
  return isDeepStrictEqual(value, meant) ? "read" : "other";
}

const input = require("node:fs").readFileSync(0, "utf8").split("\n").slice(0, -1);
process.stdout.write(input.map(answer).join("\n") + "\n");
