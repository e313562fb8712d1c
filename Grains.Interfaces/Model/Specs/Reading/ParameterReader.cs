using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Reads `parameters`: the settings that vary, as values or as a range.</summary>
internal static class ParameterReader
{
    private const string Shape = "Write {values: […]}, or {min: …, max: …} with log and step.";

    private const long MostExact = 1L << 53;

    public static ImmutableArray<Parameter> Read(MapReader map, SettingCatalog catalog, bool grid, Mistakes mistakes)
    {
        var parameters = ImmutableArray.CreateBuilder<Parameter>();
        foreach (var setting in catalog.Names) map.Take(setting);
        foreach (var (key, node) in map.Entries)
        {
            if (catalog.Find(key.Text) is not { } setting) continue;
            if (MapReader.Open(node, map.At(key.Text), mistakes, Shape) is not { } body) continue;
            var when = ConditionReader.Read(body, setting, catalog, mistakes);
            Parameter? parameter = body.Has("values") ? Values(body, setting, mistakes) : Range(body, setting, grid, mistakes);
            if (parameter is not null) parameters.Add(parameter with { When = when });
        }
        map.Finish();
        ConditionReader.CheckCircles(parameters, map, mistakes);
        return parameters.ToImmutable();
    }

    private static ValuesParameter? Values(MapReader body, Setting setting, Mistakes mistakes)
    {
        var node = body.Take("values")!;
        body.Finish(key => FileFields.Range.Any(f => f.Name == key) ? "A parameter has values or a range, not both; remove one." : null);
        string path = body.At("values");
        if (node is not YamlList list || list.Items.IsEmpty)
        {
            mistakes.Add(path, node, node is YamlList ? "has no entries" : "is not a list",
                $"List at least one value of `{setting.Name}`: {setting.Domain.Describe()}.");
            return null;
        }
        var values = list.Items.Select((item, i) => MapReader.Checked(item, $"{path}[{i}]", setting.Domain, mistakes)).ToImmutableArray();
        return values.Contains(null) ? null : new ValuesParameter(setting.Name, values!);
    }

    private static RangeParameter? Range(MapReader body, Setting setting, bool grid, Mistakes mistakes)
    {
        int before = mistakes.Count;
        if (!setting.IsNumeric || !FileFields.Range.Any(f => body.Has(f.Name)))
        {
            // Perhaps `values` is only misspelled. If not, the mistake says what is missing.
            foreach (string key in FileFields.Range.Select(f => f.Name).Append("values")) body.Take(key);
            body.Finish();
            if (mistakes.Count > before) return null;
            string remedy = setting.IsNumeric ? Shape : $"`{setting.Name}` takes {setting.Domain.Describe()}: write {{values: […]}}.";
            mistakes.Add(body.Path, body.Map, "has no `values`", remedy);
            return null;
        }

        var read = FileFields.Range.ToDictionary(f => f.Name, body.Read);
        body.Finish();
        string distribution = read["distribution"]?.ToString() ?? "uniform";
        bool log = read["log"] is BooleanValue { Value: var flag } ? flag : distribution == "log_uniform";
        bool integer = setting.Domain is IntegerDomain || distribution == "int_uniform";
        double? min = End("min"), max = End("max"), step = (read["step"] as NumberValue)?.Number;

        if (min > max) Wrong("min", $"is above max: {read["max"]}", "Exchange them.");
        if (log && min <= 0) Wrong("min", "has no logarithm", "Use a min above 0, or leave out the logarithm.");
        if (read["log"] is BooleanValue && read["distribution"] is not null && log != (distribution == "log_uniform")
            && distribution != "int_uniform")
            Wrong("log", $"contradicts distribution: {distribution}", "Keep one of the two.");
        if (integer && step is { } s && s != Math.Floor(s))
            Wrong("step", "is not a whole number", "Use a whole step, as the values are whole.");
        if (step > 0 && max - min >= 0 && (max - min) / step > SweepPlanner.MaxTrials)
            Wrong("step", $"gives more than {SweepPlanner.MaxTrials} values", "Use a larger step.");
        if (grid && step is null && min is not null && !body.Has("step"))
            mistakes.Add(body.Path, body.Map, "is a range without `step`, which a grid cannot list",
                "Add `step`, list `values`, or use `search: {trials: …}`.");
        return mistakes.Count == before ? new RangeParameter(setting.Name, min!.Value, max!.Value, log, step, integer) : null;

        void Wrong(string key, string rule, string remedy) => mistakes.Add(body.At(key), body.Take(key) ?? body.Map, rule, remedy);

        double? End(string key)
        {
            if (read[key] is not NumberValue number) return null;
            var complaint = setting.Domain.Check(number);
            if (complaint is null && integer && number.Number != Math.Floor(number.Number))
                complaint = new("is not a whole number", "Use a whole number.");
            if (complaint is null && integer && Math.Abs(number.Number) > MostExact)
                complaint = new($"is beyond {MostExact}, where not every whole number has a value", "Use a smaller number.");
            if (complaint is not null) Wrong(key, complaint.Rule, complaint.Remedy);
            return complaint is null ? number.Number : null;
        }
    }
}
