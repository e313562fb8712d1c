using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Client.LocalCluster;
using Client.Rendering;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

internal static class SimulateCommand
{
    private const int MostSlots = 10_000, MostRepetitions = 10_000;

    public static Command Create()
    {
        var file = Verb.SpecFile();
        var format = Verb.Format();
        var slots = new Option<int>("--slots") { DefaultValueFactory = _ => 1, Description = "Trainings at once. Default: 1.", HelpName = "N" };
        var failures = Rate("--failures", "Probability that an attempt is cut off in an epoch. Default: 0.");
        var stragglers = Rate("--stragglers", "Probability that a training takes three times as long. Default: 0.");
        var repetitions = new Option<int>("--repetitions")
        {
            DefaultValueFactory = _ => 1,
            Description = "How often, each time under the next seed. Default: 1.",
            HelpName = "R",
        };
        var command = new Command("simulate", "Plays the search of a file whose program is `recorded:` in virtual time: the same sampler and scheduler " +
            "as on a cluster, in seconds. Needs no cluster.") { file, slots, failures, stragglers, repetitions, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            var spec = SpecCheck.Read(source);
            SpecCheck.LookAtData(source, spec, cancellationToken);
            string json = await Simulated(Path.GetFullPath(parsed.GetRequiredValue(file)), InRange(parsed, slots, MostSlots),
                Share(parsed, failures), Share(parsed, stragglers), InRange(parsed, repetitions, MostRepetitions), cancellationToken);
            if (parsed.GetValue(format) == Verb.Json) Output.Line(json);
            else SimulationView.Print(JsonNode.Parse(json)!, spec.Objective, Output.Terminal);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<string> Simulated(string file, int slots, double failures, double stragglers, int repetitions,
        CancellationToken cancellationToken)
    {
        string[] arguments = [Programs.SiloAssembly(), "simulate", file, $"{slots}", Text(failures), Text(stragglers), $"{repetitions}"];
        using var process = Process.Start(new ProcessStartInfo(Programs.DotNet(), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var wrong = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output.TrimEnd() : throw CommandException.BadInput((await wrong).TrimEnd());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static Option<double> Rate(string name, string description) =>
        new(name) { Description = description, HelpName = "RATE" };

    private static double Share(ParseResult parsed, Option<double> option) =>
        parsed.GetValue(option) is >= 0 and < 1 and var rate ? rate
            : throw CommandException.BadInput($"{option.Name}: {Text(parsed.GetValue(option))} is outside 0..1 without 1. Use a probability.");

    private static int InRange(ParseResult parsed, Option<int> option, int most) =>
        parsed.GetValue(option) is >= 1 and var n && n <= most ? n
            : throw CommandException.BadInput($"{option.Name}: {parsed.GetValue(option)} is outside 1..{most}.");

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
