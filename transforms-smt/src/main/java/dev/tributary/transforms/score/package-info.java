/** Models that make a number of features: pure functions, apart from the ONNX runtime. */
package dev.tributary.transforms.score;
