// config.json of the exported model: the base model's own, with what the task and the run changed.
import { type ModelTask, namesOf } from '../architecture.ts';
import type { FolderSource } from './source.ts';

// The base model's head, which the new one replaces. Left in, `id2label` would size qa_outputs.
const oldHead = ['id2label', 'label2id', 'num_labels', 'problem_type', '_name_or_path', 'finetuning_task'];

const classSuffix: Readonly<Record<ModelTask, string>> = {
  'question-answering': 'QuestionAnswering',
  'text-classification': 'SequenceClassification',
  'fill-mask': 'MaskedLM',
};

export function configJson(source: Pick<FolderSource, 'config' | 'task' | 'labels' | 'dtype'>): object {
  const { config, task, labels, dtype } = source;
  const kept = Object.entries(config.raw).filter(([key]) => !oldHead.includes(key));
  const torchDtype = dtype === 'F16' ? 'float16' : 'float32';
  const { className } = namesOf(config.architecture);
  return {
    ...Object.fromEntries(kept),
    model_type: config.architecture, // which the oldest files leave out
    architectures: [`${className}For${classSuffix[task]}`],
    torch_dtype: torchDtype,
    dtype: torchDtype, // transformers 5 renamed it
    ...(task === 'text-classification' ? classificationHead(labels) : {}),
    ...(task === 'fill-mask' ? { tie_word_embeddings: true } : {}), // the decoder's weights are the embeddings'
  };
}

function classificationHead(labels: readonly string[]): object {
  return {
    problem_type: 'single_label_classification',
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  };
}
