using System.Collections.Immutable;
using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>A data set in memory: decoded once per silo, shared by its trainings, never changed.</summary>
public sealed record Dataset(
    DataIdentity Identity, ImmutableArray<string> ClassNames, ImageSplit Train, ImageSplit Validation, ImageSplit Test)
{
    /// <summary>
    /// What a person should know of it, a whole sentence each: what was passed over, what is hardly meant. No part of its identity.
    /// </summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>Images of one split in their fixed order.</summary>
/// <param name="Pixels">N·H·W, row by row, grey 0..1.</param>
/// <param name="Labels">N, 0..K−1.</param>
public sealed record ImageSplit(float[] Pixels, int[] Labels)
{
    public int Count => Labels.Length;
}
