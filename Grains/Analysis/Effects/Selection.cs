using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Analysis.Effects;

/// <summary>Finds the settings, values and trials that a person names, or says what is wrong with the name.</summary>
public static class Selection
{
    private const int MostNamed = 12;

    /// <summary>The trials for which the conditions hold.</summary>
    /// <exception cref="SpecException">A condition names no setting that varies, or no value of it.</exception>
    public static IReadOnlyList<EffectTrial> Of(
        IReadOnlyList<EffectTrial> trials, IReadOnlyList<Factor> factors, IReadOnlyList<string> where)
    {
        var conditions = where.Select(c => Condition(c, factors)).ToLookup(c => c.Name, c => c.Value);
        return conditions.Count == 0 ? trials
            : [.. trials.Where(t => conditions.All(c => t.Settings.TryGetValue(c.Key, out var value) && c.Contains(value)))];
    }

    /// <summary>The factor of this name.</summary>
    /// <param name="option">The option that names it, for the message.</param>
    /// <exception cref="SpecException">There is none.</exception>
    public static Factor Factor(string option, string name, IReadOnlyList<Factor> factors)
    {
        if (factors.FirstOrDefault(f => f.Name == name) is { } found) return found;
        string[] names = [.. factors.Select(f => f.Name)];
        throw new SpecException($"{option}: '{name}' is no setting that varies here. {Remedy(name, names, "There are")}");
    }

    /// <summary>The factor's level that this text means. Numbers may be written in any form.</summary>
    /// <exception cref="SpecException">There is none.</exception>
    public static SettingValue Level(string option, Factor factor, string text)
    {
        if (factor.Levels.FirstOrDefault(l => Means(text, l)) is { } found) return found;
        throw new SpecException($"{option}: '{text}' is no value of {factor.Name} here. " +
            Remedy(text, [.. factor.Levels.Select(l => l.ToString())], "It has"));
    }

    private static (string Name, SettingValue Value) Condition(string text, IReadOnlyList<Factor> factors)
    {
        if (text.Split('=', 2) is not [var name, var value] || name.Trim().Length == 0)
            throw new SpecException($"--where: '{text}' is no condition. Write a setting and its value, such as batch_norm=true.");
        var factor = Factor("--where", name.Trim(), factors);
        return (factor.Name, Level($"--where {factor.Name}", factor, value.Trim()));
    }

    private static bool Means(string text, SettingValue level) => level switch
    {
        NumberValue { Number: var number } =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double given) && given.Equals(number),
        ListValue list => text.Replace(" ", "", StringComparison.Ordinal) == list.ToString().Replace(" ", "", StringComparison.Ordinal),
        _ => text == level.ToString(),
    };

    private static string Remedy(string text, string[] there, string intro) =>
        !double.TryParse(text, out _) && Nearest.To(text, there) is { } near ? $"Did you mean `{near}`?"
        : there.Length == 0 ? "Nothing varies: give the sweep's file a parameter with several values."
        : $"{intro}: {string.Join(", ", there.Take(MostNamed))}" +
            $"{(there.Length > MostNamed ? $" and {there.Length - MostNamed} more" : "")}.";
}
