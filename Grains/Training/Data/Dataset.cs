using System.Collections.Immutable;
using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>A data set in memory. It is decoded once per silo, shared by its trainings, and never changed.</summary>
public sealed record Dataset(
    DataIdentity Identity, ImmutableArray<string> ClassNames, ImageSplit Train, ImageSplit Validation, ImageSplit Test)
{
    /// <summary>
    /// The notes that a person should read about the data, a whole sentence each: what was passed over, and what is hardly meant. They are
    /// no part of its identity.
    /// </summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>The images of one split in their fixed order.</summary>
/// <param name="Pixels">The pixels, N·H·W, row by row, grey 0..1.</param>
/// <param name="Labels">The N labels, each in 0..K−1.</param>
public sealed record ImageSplit(float[] Pixels, int[] Labels)
{
    public int Count => Labels.Length;
}
