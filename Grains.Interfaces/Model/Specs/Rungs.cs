using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The epochs after which a scheduler compares trials, ascending. The last is the budget.</summary>
public sealed record Rungs(ImmutableArray<int> Epochs, int Reduction)
{
    /// <summary>The rungs of a search: min_epochs·reduction^k below the budget, and the budget.</summary>
    /// <param name="budget">The epochs of a whole training.</param>
    public static Rungs Of(SearchSpec search, int budget)
    {
        var rungs = ImmutableArray.CreateBuilder<int>();
        if (search.Scheduler == SchedulerKind.Screening) rungs.Add(search.MinEpochs);
        else if (search.Scheduler == SchedulerKind.Patience)
            for (int epochs = search.MinEpochs; epochs < budget; epochs += search.MinEpochs) rungs.Add(epochs);
        else if (search.Scheduler != SchedulerKind.Full)
            for (long epochs = search.MinEpochs; epochs < budget; epochs *= search.Reduction) rungs.Add((int)epochs);
        rungs.Add(budget);
        return new Rungs(rungs.ToImmutable(), search.Reduction);
    }

    public int this[int rung] => Epochs[rung];

    /// <summary>The number of the last rung.</summary>
    public int Top => Epochs.Length - 1;
}
