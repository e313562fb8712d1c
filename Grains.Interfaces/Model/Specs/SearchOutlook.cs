namespace Grains.Interfaces.Model.Specs;

/// <summary>What can be said of a search before it begins.</summary>
/// <param name="Points">The most points that it proposes, those that the file spells out included.</param>
/// <param name="Rungs">Where its scheduler looks at trials.</param>
/// <param name="Epochs">The epochs that all its trials cost together, at most.</param>
/// <param name="IsBound">Whether they cannot cost more. What ASHA costs depends on the order in which good points come.</param>
public sealed record SearchOutlook(int Points, Rungs Rungs, long Epochs, bool IsBound)
{
    public static SearchOutlook Of(SweepSpec spec)
    {
        var search = spec.Search;
        int points = search.PointsWith(SweepPlanner.Plan(spec).Points.Length), budget = spec.Budget;
        var rungs = Rungs.Of(search, budget);
        long epochs = search.Scheduler switch
        {
            SchedulerKind.Screening or SchedulerKind.Halving or SchedulerKind.Hyperband => OfBlocks(search.Scheduler, rungs, points),
            SchedulerKind.Asha => OfBlock(new Bracket(points, 0), rungs),
            _ => (long)points * budget,
        };
        return new SearchOutlook(points, rungs, epochs * spec.Replicates, search.Scheduler != SchedulerKind.Asha);
    }

    private static long OfBlocks(SchedulerKind scheduler, Rungs rungs, int points)
    {
        long epochs = 0;
        foreach (var bracket in Bracket.Of(scheduler, rungs))
        {
            if (points <= 0) break;
            epochs += OfBlock(bracket with { Size = Math.Min(bracket.Size, points) }, rungs);
            points -= Math.Min(bracket.Size, points);
        }
        return epochs;
    }

    private static long OfBlock(Bracket bracket, Rungs rungs)
    {
        int points = bracket.Size;
        long epochs = (long)points * rungs[bracket.FirstRung];
        for (int rung = bracket.FirstRung; rung < rungs.Top; rung++)
        {
            points = Bracket.Places(points, rungs.Reduction);
            epochs += (long)points * (rungs[rung + 1] - rungs[rung]);
        }
        return epochs;
    }
}
