// Judges pairs with ajv. Each line of the input file is {"schema": ..., "instances": [...]}; each line of the output has a 1, a 0 or, where ajv's own code throws, an x for every instance, or "error" and why the
// schema does not compile.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";

function judge(validate, instance) {
  try {
    return validate(instance) ? "1" : "0";
  } catch {
    return "x";
  }
}

for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const { schema, instances } = JSON.parse(line);
  // A new one each time: it keeps every schema that it has compiled.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, logger: false });
  let validate;
  try {
    validate = ajv.compile(schema);
  } catch (e) {
    process.stdout.write(`error ${e.message.replaceAll("\n", " ")}\n`);
    continue;
  }
  process.stdout.write(instances.map((i) => judge(validate, i)).join("") + "\n");
}
