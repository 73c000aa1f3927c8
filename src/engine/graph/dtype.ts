/** Element types the engine knows, with their codes in ONNX (TensorProto.DataType). */
export const onnxTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

export type DType = keyof typeof onnxTypes;
