import { env, InferenceSession } from "onnxruntime-node";

/**
 * Opens an ONNX Runtime session. Whatever goes wrong in it is thrown, with the same text that the runtime
 * would also log: raw lines of C++ on stderr, before our own message, that nobody could turn off.
 */
export function openSession(
  bytes: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  env.logLevel = "fatal"; // read once, at the first session of a process
  return InferenceSession.create(bytes, { ...options, logSeverityLevel: 4 });
}
