// Measures ajv for the ratios of Peregrine.Bench.Micro: JSON.parse and the compiled function, as a server has to do both. First argument: a folder whose node_modules has ajv. The first line of input is
// {"schema": ..., "instance": "JSON text"}; each line after it is a number of repetitions, answered with the nanoseconds they took.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const Ajv2020 = createRequire(process.argv[2] + "/")("ajv/dist/2020.js").default;
let validate;
let text;
let valid = 0;

for await (const line of createInterface({ input: process.stdin })) {
  if (validate === undefined) {
    const { schema, instance } = JSON.parse(line);
    validate = new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema);
    text = instance;
    if (!validate(JSON.parse(text))) {
      throw new Error("the instance is not valid");
    }
    continue;
  }

  const count = Number(line);
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) {
    valid += validate(JSON.parse(text)) ? 1 : 0;
  }
  process.stdout.write(`${process.hrtime.bigint() - start}\n`);
}
