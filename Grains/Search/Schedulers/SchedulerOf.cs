using Grains.Interfaces.Model.Specs;

namespace Grains.Search.Schedulers;

/// <summary>Makes the scheduler that a search names.</summary>
public static class SchedulerOf
{
    /// <param name="budget">The epochs of a whole training.</param>
    public static IScheduler Search(SearchSpec search, int budget)
    {
        var rungs = Rungs.Of(search, budget);
        return search.Scheduler switch
        {
            SchedulerKind.Full => new FullBudget(),
            SchedulerKind.Median => new Median(rungs, search.Parallelism),
            SchedulerKind.Patience => new Patience(search.MinEpochs, budget),
            SchedulerKind.Screening => new Cohorts(new Rungs([search.MinEpochs, budget], search.Reduction), Brackets.OfScreening()),
            SchedulerKind.Halving => new Cohorts(rungs, Brackets.OfHalving(rungs)),
            SchedulerKind.Hyperband => new Cohorts(rungs, Brackets.OfHyperband(rungs)),
            SchedulerKind.Asha => new Asha(rungs),
            var other => throw new InvalidOperationException($"No scheduler {other}."),
        };
    }
}
