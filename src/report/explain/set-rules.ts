import type { Explanation } from "./explanation.ts";

/** Rules for the references of one request: `set/<kind>-count` is explained by `set-count`. */
export const setRules: Readonly<Record<string, Explanation>> = {
  "set-count": {
    meaning: "A request has more references than the model accepts, or fewer.",
    cause: "Models limit the number of reference images, videos and audio files.",
    cure: "Leave some out, or add what is missing.",
  },
  "set-duration": {
    meaning: "The total duration of the references of one kind is outside the limit.",
    cause: "The limit is on the sum of their durations.",
    cure: "Trim or lengthen them, or leave one out.",
  },
  "set-duration-each": {
    meaning: "One of the references is too short or too long.",
    cause: "Each clip has a limit, in addition to the limit on the total.",
    cure: "Trim or lengthen that clip.",
  },
  "set-needs-visual": {
    meaning: "The request has reference audio, but no reference image or video.",
    cause: "Seedance 2.0 accepts reference audio only together with a reference image or video.",
    cure: "Add a reference image or video.",
  },
  "set-exclude-references": {
    meaning: "A request has both frames and references.",
    cause: "The model accepts either first and last frames or references, not both.",
    cure: "Leave out either the frames or the references.",
  },
  "set-files": {
    meaning: "Some of the files of a set could not be checked.",
    cause: "They do not exist or could not be read, so the set is incomplete.",
    cure: "Correct the errors of these files, then check the set again.",
  },
  "set-model": {
    meaning: "No reference rules are known for this model.",
    cause: "The model's name is misspelt, or no rule table has a set for it.",
    cure: "Check the model's name, or use a rule table with rules for its references.",
  },
};
