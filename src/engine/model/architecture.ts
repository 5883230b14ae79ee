// Where each part of an encoder is in a checkpoint: the single place that knows parameter names.
// Module paths carry no `.weight` or `.bias`; parameter names everywhere else are the Hub's keys.
import type { Activation } from '../gpu/graph.ts';
import type { Task } from '../text/types.ts';
import type { Architecture, ModelConfig } from './config.ts';

export type MatrixKind = 'query' | 'key' | 'value' | 'attention.output' | 'intermediate' | 'output';

/** One of the six linear maps of an encoder layer, the ones that pruning masks. */
export interface MatrixInfo {
  /** The weight's checkpoint key, such as `bert.encoder.layer.0.attention.self.query.weight`. */
  readonly name: string;
  readonly layer: number;
  readonly kind: MatrixKind;
  readonly rows: number;
  readonly columns: number;
}

export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

export interface ArchitectureNames {
  /** Prefix of every parameter but the heads', without its dot; bare encoders on the Hub leave it out. */
  readonly base: string;
  readonly embeddings: {
    readonly word: string;
    readonly position: string;
    readonly tokenType: string | null;
    readonly norm: string;
    /** The linear map from the embedding size to the hidden size, for models in which they differ. */
    readonly projection: string | null;
  };
  layer(index: number): LayerNames;
  /** Whether dropout acts between attention and its norm. */
  readonly dropsAttended: boolean;
  /** The first token through a hidden map, such as BERT's pooler, then dropout and the classifier. */
  readonly classification: {
    readonly hidden: string;
    readonly activation: Activation;
    /** Whether dropout acts in front of the hidden map as well. */
    readonly dropsFirst: boolean;
    readonly classifier: string;
  };
  readonly questionAnswering: string;
  /** A linear map, a LayerNorm, and the bias of a decoder that is tied to the word embeddings. */
  readonly maskedLm: {
    readonly transform: string;
    /** Null: the encoder's own. */
    readonly activation: Activation | null;
    readonly norm: string;
    readonly decoderBias: string;
  };
  /** As transformers names the classes in config.json. */
  readonly className: 'Bert' | 'DistilBert' | 'Roberta' | 'Electra';
  /** Of its tokenizer, where that is WordPiece. */
  readonly wordPieceClass: string;
}

const embeddingsOf = (base: string) => ({
  word: `${base}.embeddings.word_embeddings`,
  position: `${base}.embeddings.position_embeddings`,
  norm: `${base}.embeddings.LayerNorm`,
  projection: null,
});

/** What the descendants of BERT's code have kept of it. */
const bertEncoder = (base: string) => ({
  base,
  embeddings: { ...embeddingsOf(base), tokenType: `${base}.embeddings.token_type_embeddings` },
  layer(index: number): LayerNames {
    const at = `${base}.encoder.layer.${index}`;
    return {
      query: `${at}.attention.self.query`,
      key: `${at}.attention.self.key`,
      value: `${at}.attention.self.value`,
      attentionOutput: `${at}.attention.output.dense`,
      attentionNorm: `${at}.attention.output.LayerNorm`,
      intermediate: `${at}.intermediate.dense`,
      output: `${at}.output.dense`,
      outputNorm: `${at}.output.LayerNorm`,
    };
  },
  dropsAttended: true,
  questionAnswering: 'qa_outputs',
});

const bert: ArchitectureNames = {
  ...bertEncoder('bert'),
  classification: { hidden: 'bert.pooler.dense', activation: 'tanh', dropsFirst: false, classifier: 'classifier' },
  maskedLm: {
    transform: 'cls.predictions.transform.dense',
    activation: null,
    norm: 'cls.predictions.transform.LayerNorm',
    decoderBias: 'cls.predictions.bias',
  },
  className: 'Bert',
  wordPieceClass: 'BertTokenizer',
};

/** Liu et al. 2019. Its classifier has a hidden map of its own in place of BERT's pooler. */
const roberta: ArchitectureNames = {
  ...bertEncoder('roberta'),
  classification: {
    hidden: 'classifier.dense',
    activation: 'tanh',
    dropsFirst: true,
    classifier: 'classifier.out_proj',
  },
  maskedLm: {
    transform: 'lm_head.dense',
    activation: 'gelu',
    norm: 'lm_head.layer_norm',
    decoderBias: 'lm_head.bias',
  },
  className: 'Roberta',
  wordPieceClass: 'BertTokenizer',
};

/** Clark et al. 2020. The discriminator is the model to fine-tune; words are filled in by the generator's head. */
const electra: ArchitectureNames = {
  ...bertEncoder('electra'),
  embeddings: { ...bertEncoder('electra').embeddings, projection: 'electra.embeddings_project' },
  classification: {
    hidden: 'classifier.dense',
    activation: 'gelu',
    dropsFirst: true,
    classifier: 'classifier.out_proj',
  },
  maskedLm: {
    transform: 'generator_predictions.dense',
    activation: 'gelu',
    norm: 'generator_predictions.LayerNorm',
    decoderBias: 'generator_lm_head.bias',
  },
  className: 'Electra',
  wordPieceClass: 'BertTokenizer',
};

const distilbert: ArchitectureNames = {
  base: 'distilbert',
  embeddings: { ...embeddingsOf('distilbert'), tokenType: null },
  layer(index) {
    const at = `distilbert.transformer.layer.${index}`;
    return {
      query: `${at}.attention.q_lin`,
      key: `${at}.attention.k_lin`,
      value: `${at}.attention.v_lin`,
      attentionOutput: `${at}.attention.out_lin`,
      attentionNorm: `${at}.sa_layer_norm`,
      intermediate: `${at}.ffn.lin1`,
      output: `${at}.ffn.lin2`,
      outputNorm: `${at}.output_layer_norm`,
    };
  },
  dropsAttended: false,
  classification: { hidden: 'pre_classifier', activation: 'relu', dropsFirst: false, classifier: 'classifier' },
  questionAnswering: 'qa_outputs',
  maskedLm: {
    transform: 'vocab_transform',
    activation: null,
    norm: 'vocab_layer_norm',
    decoderBias: 'vocab_projector.bias',
  },
  className: 'DistilBert',
  wordPieceClass: 'DistilBertTokenizer', // which returns no token types
};

const names: Readonly<Record<Architecture, ArchitectureNames>> = {
  bert,
  distilbert,
  roberta,
  electra,
};

export const namesOf = (architecture: Architecture): ArchitectureNames => names[architecture];

/** The map between embeddings and encoder; null where the one's size is the other's. */
export function projectionOf({ architecture, embeddingSize, hiddenSize }: ModelConfig): string | null {
  return embeddingSize === hiddenSize ? null : namesOf(architecture).embeddings.projection;
}

/** The masked weights, six per layer, in the order of the forward pass. */
export function maskedMatrices(config: ModelConfig): MatrixInfo[] {
  return Array.from({ length: config.layers }, (_, layer) => matricesOfLayer(config, layer)).flat();
}

function matricesOfLayer(config: ModelConfig, layer: number): MatrixInfo[] {
  const { hiddenSize: H, intermediateSize: F } = config;
  const names = namesOf(config.architecture).layer(layer);
  const matrix = (kind: MatrixKind, module: string, rows: number, columns: number): MatrixInfo => ({
    name: `${module}.weight`,
    layer,
    kind,
    rows,
    columns,
  });
  return [
    matrix('query', names.query, H, H),
    matrix('key', names.key, H, H),
    matrix('value', names.value, H, H),
    matrix('attention.output', names.attentionOutput, H, H),
    matrix('intermediate', names.intermediate, F, H),
    matrix('output', names.output, H, F),
  ];
}

/** What a model is trained for: a data set's own task, or to fill in words of its texts. */
export type ModelTask = Task | 'fill-mask';

/** Every parameter of the model for a task with its shape; `labels` counts the classes and is used for them alone. */
export function parameterShapes(config: ModelConfig, task: ModelTask, labels: number): Map<string, readonly number[]> {
  const names = namesOf(config.architecture);
  const shapes = new Map<string, readonly number[]>();
  embeddingShapes(config, shapes);
  for (let layer = 0; layer < config.layers; layer++) layerShapes(config, layer, shapes);
  const H = config.hiddenSize;
  if (task === 'question-answering') {
    linearShapes(names.questionAnswering, 2, H, shapes);
  } else if (task === 'fill-mask') {
    linearShapes(names.maskedLm.transform, config.embeddingSize, H, shapes);
    normShapes(names.maskedLm.norm, config.embeddingSize, shapes);
    shapes.set(names.maskedLm.decoderBias, [config.vocabularySize]);
  } else {
    linearShapes(names.classification.hidden, H, H, shapes);
    linearShapes(names.classification.classifier, labels, H, shapes);
  }
  return shapes;
}

/** Of the position table, the unused ones included. */
export const rowsOfPositions = ({ firstPosition, maxPositions }: ModelConfig): number => firstPosition + maxPositions;

type Shapes = Map<string, readonly number[]>;

function embeddingShapes(config: ModelConfig, shapes: Shapes): void {
  const { word, position, tokenType, norm } = namesOf(config.architecture).embeddings;
  const E = config.embeddingSize;
  shapes.set(`${word}.weight`, [config.vocabularySize, E]);
  shapes.set(`${position}.weight`, [rowsOfPositions(config), E]);
  if (tokenType !== null) shapes.set(`${tokenType}.weight`, [config.typeVocabularySize, E]);
  normShapes(norm, E, shapes);
  const projection = projectionOf(config);
  if (projection !== null) linearShapes(projection, config.hiddenSize, E, shapes);
}

function layerShapes(config: ModelConfig, layer: number, shapes: Shapes): void {
  const names = namesOf(config.architecture).layer(layer);
  for (const { name, rows, columns } of matricesOfLayer(config, layer)) {
    linearShapes(name.slice(0, -'.weight'.length), rows, columns, shapes);
  }
  normShapes(names.attentionNorm, config.hiddenSize, shapes);
  normShapes(names.outputNorm, config.hiddenSize, shapes);
}

function linearShapes(module: string, rows: number, columns: number, shapes: Shapes): void {
  shapes.set(`${module}.weight`, [rows, columns]);
  shapes.set(`${module}.bias`, [rows]);
}

function normShapes(module: string, size: number, shapes: Shapes): void {
  shapes.set(`${module}.weight`, [size]);
  shapes.set(`${module}.bias`, [size]);
}
