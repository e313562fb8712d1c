using Grains.Interfaces.Model.Randomness;

namespace Client.Chaos;

/// <summary>Draws the faults of a seed, which are the same each time. Each round has every kind once, in an order of its own.</summary>
internal static class ChaosSchedule
{
    /// <summary>The share of faults that do not wait until the cluster has recovered from the one before.</summary>
    private const double ShareOfImpatient = 0.2;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1),
        ShortestFreeze = TimeSpan.FromSeconds(1), LongestFreeze = TimeSpan.FromSeconds(6);
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    public static IReadOnlyList<Fault> Of(long seed, int faults)
    {
        var schedule = new List<Fault>(faults);
        for (int round = 0; schedule.Count < faults; round++)
        {
            var random = KeyedStream.Of(seed, 0, "chaos", step: round);
            foreach (int kind in random.Permutation(Kinds.Length).Take(faults - schedule.Count))
            {
                schedule.Add(new Fault(schedule.Count + 1, Kinds[kind], random.NextDouble(), random.NextDouble() >= ShareOfImpatient,
                    LongestPause * random.NextDouble(), ShortestFreeze + (LongestFreeze - ShortestFreeze) * random.NextDouble()));
            }
        }
        return schedule;
    }
}
