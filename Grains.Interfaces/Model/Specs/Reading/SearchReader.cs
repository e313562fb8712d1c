namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Reads `search`: what proposes points, and what decides how far each is trained.</summary>
internal static class SearchReader
{
    private const string Shape = "Write `search: {sampler: auto, trials: 100}`.";

    /// <returns>The search; null after a mistake.</returns>
    public static SearchSpec? Read(MapReader map, bool hasParameters, Mistakes mistakes)
    {
        if (map.Take("sampler") is { } old)
        {
            mistakes.Add("sampler", old, "is a key of an earlier release",
                "Write `search: {sampler: random, trials: 20}`; a grid needs no `search`.");
            return null;
        }
        int start = mistakes.Count;
        var stop = ReadStop(map, mistakes);
        if (mistakes.Count > start) return null;
        var node = map.Take("search");
        if (node is null) return SearchSpec.Grid with { Stop = stop };
        // `search: tpe` is short for {sampler: tpe}.
        var mapping = node is YamlScalar s ? new YamlMap([(new YamlScalar("sampler", false, s.Line, s.Column), s)], s.Line, s.Column) : node;
        if (MapReader.Open(mapping, "search", mistakes, Shape) is not { } body) return null;
        int before = mistakes.Count;
        var read = FileFields.Search.ToDictionary(f => f.Name, body.Read);
        body.Finish();
        if (mistakes.Count > before) return null;

        var sampler = Words<SamplerKind>.Parse(read["sampler"]!.ToString());
        var scheduler = Words<SchedulerKind>.Parse(read["scheduler"]!.ToString());
        if (sampler == SamplerKind.Grid && body.Take("trials") is { } trials)
            mistakes.Add("search.trials", trials, "means nothing to a grid, which takes every combination",
                "Remove it, or name another sampler.");
        if (sampler != SamplerKind.Grid && !hasParameters)
            mistakes.Add("search", node, read["sampler"]!.ToString(), "has no `parameters` to choose",
                "Add `parameters`, or remove `search`.");
        return mistakes.Count > before ? null : new SearchSpec
        {
            Sampler = sampler,
            Scheduler = scheduler,
            Trials = Whole("trials"),
            Parallelism = Whole("parallelism"),
            Startup = Whole("startup"),
            MinEpochs = Whole("min_epochs"),
            Reduction = Whole("reduction"),
            Stop = stop,
            SharedFirst = ((BooleanValue)read["shared_first"]!).Value,
        };

        int Whole(string name) => (int)((NumberValue)read[name]!).Number;
    }

    private static StopSpec? ReadStop(MapReader map, Mistakes mistakes)
    {
        if (map.Take("stop") is not { } node) return null;
        if (MapReader.Open(node, "stop", mistakes, "Write `stop: {target: 0.95}`, or another rule.") is not { } body) return null;
        var read = FileFields.Stop.ToDictionary(f => f.Name, f => (body.Read(f) as NumberValue)?.Number);
        body.Finish(key => key is "hours" or "minutes" or "seconds"
            ? "Time on a clock would decide otherwise the next time; use `epochs`." : null);
        return new StopSpec((int?)read["trials"], (long?)read["epochs"], read["target"], (int?)read["patience"]);
    }
}
