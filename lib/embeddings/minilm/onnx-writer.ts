import { bytes, float, integer, message, type Pieces, text } from "./protobuf.ts";

/** Element types and field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). */
const elementTypes = { float: 1, int8: 3, int32: 6, int64: 7 } as const;

const attributeTypes = { float: 1, int: 2 } as const;
const fieldOf = {
  attribute: { name: 1, float: 2, int: 3, type: 20 },
  node: { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 },
  tensor: { dimension: 1, type: 2, name: 8, raw: 9 },
  graph: { node: 1, name: 2, initializer: 5, input: 11, output: 12 },
  model: { irVersion: 1, producer: 2, graph: 7, operatorSet: 8 },
} as const;

/** Operators of ONNX Runtime's own, beside the standard ones. */
export const microsoft = "com.microsoft";

const irVersion = 8;
const standardOperatorSet = 17;

export type Attributes = Record<string, { int: number } | { float: number }>;
export type Dimension = number | string;
type ElementType = keyof typeof elementTypes;

/** Collects the nodes and weights of one graph and writes them as an ONNX ModelProto. */
export function createOnnxWriter(graphName: string) {
  const nodes: Pieces[] = [];
  const weights: Pieces[] = [];
  const inputs: Pieces[] = [];
  const outputs: Pieces[] = [];

  function weight(name: string, type: ElementType, shape: number[], values: ArrayBufferView): string {
    weights.push([
      ...shape.flatMap((size) => integer(fieldOf.tensor.dimension, size)),
      ...integer(fieldOf.tensor.type, elementTypes[type]),
      ...text(fieldOf.tensor.name, name),
      ...bytes(fieldOf.tensor.raw, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    ]);
    return name;
  }

  return {
    floats: (name: string, shape: number[], values: Float32Array) => weight(name, "float", shape, values),
    int8s: (name: string, shape: number[], values: Int8Array) => weight(name, "int8", shape, values),
    int64s: (name: string, shape: number[], values: number[]) =>
      weight(name, "int64", shape, BigInt64Array.from(values, BigInt)),

    /** Adds a node with the given output names and returns the first of them. An empty input name is "not given". */
    node(operator: string, from: string[], to: string | string[], attributes: Attributes = {}, domain = ""): string {
      const names = typeof to === "string" ? [to] : to;
      nodes.push([
        ...from.flatMap((name) => text(fieldOf.node.input, name)),
        ...names.flatMap((name) => text(fieldOf.node.output, name)),
        ...text(fieldOf.node.name, `${operator}_${nodes.length}`),
        ...text(fieldOf.node.operator, operator),
        ...Object.entries(attributes).flatMap(([name, value]) => attribute(name, value)),
        ...(domain ? text(fieldOf.node.domain, domain) : []),
      ]);
      return names[0] as string;
    },

    input(name: string, type: ElementType, shape: Dimension[]): string {
      inputs.push(valueInfo(name, type, shape));
      return name;
    },

    output(name: string, type: ElementType, shape: Dimension[]): void {
      outputs.push(valueInfo(name, type, shape));
    },

    /** The file, in pieces to be written one after another. */
    model(): Pieces {
      const graph = [
        ...nodes.flatMap((node) => message(fieldOf.graph.node, node)),
        ...text(fieldOf.graph.name, graphName),
        ...weights.flatMap((tensor) => message(fieldOf.graph.initializer, tensor)),
        ...inputs.flatMap((value) => message(fieldOf.graph.input, value)),
        ...outputs.flatMap((value) => message(fieldOf.graph.output, value)),
      ];
      return [
        ...integer(fieldOf.model.irVersion, irVersion),
        ...text(fieldOf.model.producer, "probatum"),
        ...message(fieldOf.model.graph, graph),
        ...message(fieldOf.model.operatorSet, operatorSet("", standardOperatorSet)),
        ...message(fieldOf.model.operatorSet, operatorSet(microsoft, 1)),
      ];
    },
  };
}

export type OnnxWriter = ReturnType<typeof createOnnxWriter>;

function attribute(name: string, value: Attributes[string]): Pieces {
  const typed =
    "int" in value
      ? [...integer(fieldOf.attribute.int, value.int), ...integer(fieldOf.attribute.type, attributeTypes.int)]
      : [...float(fieldOf.attribute.float, value.float), ...integer(fieldOf.attribute.type, attributeTypes.float)];
  return message(fieldOf.node.attribute, text(fieldOf.attribute.name, name), typed);
}

function operatorSet(domain: string, version: number): Pieces {
  return [...(domain ? text(1, domain) : []), ...integer(2, version)];
}

/** ValueInfoProto: name, then TypeProto.Tensor with an element type and a TensorShapeProto of sizes or symbols. */
function valueInfo(name: string, type: ElementType, shape: Dimension[]): Pieces {
  const dimensions = shape.flatMap((size) => message(1, typeof size === "string" ? text(2, size) : integer(1, size)));
  return [...text(1, name), ...message(2, message(1, integer(1, elementTypes[type]), message(2, dimensions)))];
}
