import { createOnnxWriter, microsoft, type OnnxWriter } from "./onnx-writer.ts";
import type { Pieces } from "./protobuf.ts";
import { quantiseRows, stack, transpose } from "./quantise.ts";
import type { Matrix } from "./safetensors.ts";

export type ModelDtype = "fp32" | "q8";

/** The part of a BERT `config.json` that shapes the graph. */
export type BertConfig = {
  hidden_size: number;
  num_attention_heads: number;
  num_hidden_layers: number;
  layer_norm_eps: number;
};

type Weights = { matrix(name: string): Matrix };
type Builder = { onnx: OnnxWriter; weights: Weights; config: BertConfig; dtype: ModelDtype };

/**
 * The BERT encoder (Devlin et al. 2019, https://arxiv.org/abs/1810.04805) as an ONNX model: `input_ids`,
 * `attention_mask` and `token_type_ids` of [batch, sequence] to `last_hidden_state` of [batch, sequence, hidden].
 *
 * `q8` keeps the weights of the linear layers and the word table in 8 bits and quantises activations as it runs
 * (ONNX Runtime's DynamicQuantizeMatMul); everything else stays in 32-bit floats.
 */
export function buildBertModel(weights: Weights, config: BertConfig, dtype: ModelDtype): Pieces {
  const builder = { onnx: createOnnxWriter("sentence-encoder"), weights, config, dtype };
  const { onnx } = builder;
  for (const name of ["input_ids", "attention_mask", "token_type_ids"])
    onnx.input(name, "int64", ["batch", "sequence"]);

  // The attention operator takes its mask as 32-bit integers.
  const mask = onnx.node("Cast", ["attention_mask"], "mask", { to: { int: 6 } });
  let hidden = embeddingLayer(builder);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const last = layer === config.num_hidden_layers - 1;
    hidden = encoderLayer(builder, layer, hidden, mask, last ? "last_hidden_state" : `layer${layer}`);
  }
  onnx.output("last_hidden_state", "float", ["batch", "sequence", config.hidden_size]);
  return onnx.model();
}

function embeddingLayer({ onnx, weights, config, dtype }: Builder): string {
  const words = weights.matrix("embeddings.word_embeddings.weight");
  let word: string;
  if (dtype === "q8") {
    const { values, scales } = quantiseRows(words);
    const steps = onnx.node("Gather", [onnx.int8s("words", words.shape, values), "input_ids"], "word_steps");
    const scale = onnx.node(
      "Gather",
      [onnx.floats("word_scales", [scales.length, 1], scales), "input_ids"],
      "word_scale",
    );
    word = onnx.node("Mul", [onnx.node("Cast", [steps], "word_floats", { to: { int: 1 } }), scale], "word");
  } else {
    word = onnx.node("Gather", [onnx.floats("words", words.shape, words.data), "input_ids"], "word");
  }

  const positions = weights.matrix("embeddings.position_embeddings.weight");
  const types = weights.matrix("embeddings.token_type_embeddings.weight");
  const length = onnx.node("Shape", ["input_ids"], "length", { start: { int: 1 }, end: { int: 2 } });
  const position = onnx.node(
    "Slice",
    [onnx.floats("positions", positions.shape, positions.data), onnx.int64s("zero", [1], [0]), length, "zero"],
    "position",
  );
  const type = onnx.node("Gather", [onnx.floats("types", types.shape, types.data), "token_type_ids"], "type");
  const sum = onnx.node("Add", [onnx.node("Add", [word, position], "word_position"), type], "embedding_sum");
  return onnx.node("LayerNormalization", [sum, ...norm(onnx, weights, "embeddings.LayerNorm")], "embedding", {
    axis: { int: -1 },
    epsilon: { float: config.layer_norm_eps },
  });
}

function encoderLayer(builder: Builder, layer: number, input: string, mask: string, output: string): string {
  const { onnx, weights, config } = builder;
  const path = `encoder.layer.${layer}`;
  const name = `layer${layer}`;
  const epsilon = { epsilon: { float: config.layer_norm_eps } };

  // Query, key and value are one multiplication: the activations are then quantised once instead of three times.
  const projections = ["query", "key", "value"].map((part) => `${path}.attention.self.${part}`);
  const joined = linear(
    builder,
    `${name}.projection`,
    input,
    stack(projections.map((part) => weights.matrix(`${part}.weight`))),
    stack(projections.map((part) => weights.matrix(`${part}.bias`))),
  );
  const size = config.hidden_size;
  const parts = ["query", "key", "value"].map((part) => `${name}.${part}`);
  onnx.node("Split", [joined, onnx.int64s(`${name}.sizes`, [3], [size, size, size])], parts, { axis: { int: 2 } });
  const heads = { num_heads: { int: config.num_attention_heads } };
  const attended = onnx.node("MultiHeadAttention", [...parts, "", mask], `${name}.attended`, heads, microsoft);
  const merged = namedLinear(builder, `${name}.merge`, attended, `${path}.attention.output.dense`);
  const attention = onnx.node(
    "SkipLayerNormalization",
    [merged, input, ...norm(onnx, weights, `${path}.attention.output.LayerNorm`)],
    `${name}.attention`,
    epsilon,
    microsoft,
  );

  const widened = namedLinear(builder, `${name}.widen`, attention, `${path}.intermediate.dense`);
  const activated = onnx.node("Gelu", [widened], `${name}.activated`, {}, microsoft);
  const narrowed = namedLinear(builder, `${name}.narrow`, activated, `${path}.output.dense`);
  return onnx.node(
    "SkipLayerNormalization",
    [narrowed, attention, ...norm(onnx, weights, `${path}.output.LayerNorm`)],
    output,
    epsilon,
    microsoft,
  );
}

function norm(onnx: OnnxWriter, weights: Weights, path: string): [string, string] {
  const scale = weights.matrix(`${path}.weight`);
  const bias = weights.matrix(`${path}.bias`);
  return [onnx.floats(`${path}.weight`, scale.shape, scale.data), onnx.floats(`${path}.bias`, bias.shape, bias.data)];
}

function namedLinear(builder: Builder, name: string, input: string, path: string): string {
  const { weights } = builder;
  return linear(builder, name, input, weights.matrix(`${path}.weight`), weights.matrix(`${path}.bias`));
}

/** `input × weightᵀ + bias`, the weight given as [outputs, inputs]. */
function linear({ onnx, dtype }: Builder, name: string, input: string, weight: Matrix, bias: Matrix): string {
  const [outputs = 0, inputs = 0] = weight.shape;
  const biasName = onnx.floats(`${name}.bias`, bias.shape, bias.data);
  if (dtype === "fp32") {
    const turned = onnx.floats(`${name}.weight`, [inputs, outputs], transpose(weight.data, outputs, inputs));
    return onnx.node("Add", [onnx.node("MatMul", [input, turned], `${name}.product`), biasName], name);
  }
  const { values, scales } = quantiseRows(weight);
  const quantised = [
    onnx.int8s(`${name}.weight`, [inputs, outputs], transpose(values, outputs, inputs)),
    onnx.floats(`${name}.scale`, [outputs], scales),
    onnx.int8s(`${name}.zero`, [outputs], new Int8Array(outputs)),
  ];
  return onnx.node("DynamicQuantizeMatMul", [input, ...quantised, biasName], name, {}, microsoft);
}
