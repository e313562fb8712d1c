using System.Collections.Immutable;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>The epochs after which trials are compared, ascending. The last is the budget.</summary>
public sealed record Rungs(ImmutableArray<int> Epochs, int Reduction)
{
    /// <summary>The rungs min·reduction^k below the budget, and the budget.</summary>
    public static Rungs Of(SearchSpec search, int budget)
    {
        var rungs = ImmutableArray.CreateBuilder<int>();
        for (long epochs = search.MinEpochs; epochs < budget; epochs *= search.Reduction) rungs.Add((int)epochs);
        rungs.Add(budget);
        return new Rungs(rungs.ToImmutable(), search.Reduction);
    }

    public int this[int rung] => Epochs[rung];

    /// <summary>The number of the last rung.</summary>
    public int Top => Epochs.Length - 1;
}
