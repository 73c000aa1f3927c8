/** Element types the engine knows, with ONNX's code (TensorProto.DataType) and size. */
export const dtypes = {
  float32: { onnx: 1, bytes: 4 },
  int32: { onnx: 6, bytes: 4 },
  int64: { onnx: 7, bytes: 8 },
  bool: { onnx: 9, bytes: 1 },
  float16: { onnx: 10, bytes: 2 },
} as const;

export type DType = keyof typeof dtypes;
