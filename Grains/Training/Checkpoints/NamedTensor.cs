using System.Collections.Immutable;

namespace Grains.Training.Checkpoints;

/// <summary>One tensor of a file.</summary>
/// <param name="Dimensions">As torch has them: (O, I, 3, 3), (O, I), (F).</param>
/// <param name="Values">Row by row, the last dimension fastest.</param>
public sealed record NamedTensor(string Name, ImmutableArray<int> Dimensions, float[] Values);

/// <summary>A safetensors file, read.</summary>
/// <param name="Tensors">In the order of their names.</param>
public sealed record TensorFile(ImmutableArray<NamedTensor> Tensors, ImmutableSortedDictionary<string, string> Metadata);
