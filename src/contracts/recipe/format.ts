import { Type } from "@sinclair/typebox";
import { choice } from "../../schema.ts";

/** How the rows of local files are formed, of a dataset and of a test set of one's own. */
export const formatKey = Type.Optional(
  choice(["messages", "sharegpt", "prompt-completion", "alpaca", "text", "markdown", "html", "pdf"], {
    description:
      "Shape of the rows or files. Default: told from the file's ending and, row by row, the columns.",
  }),
);
