using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Commands;

/// <summary>Shows what determines a trial's numbers, and why two trials do not share their training.</summary>
internal static class RecipeCommand
{
    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        // The argument is optional, so that `recipe diff` can stand in its place.
        var id = Verb.OptionalId("The sweep's ID, its beginning, or `last`.");
        var trial = Trial("--trial", "The trial's number.");
        trial.Required = false;
        var format = Verb.Format();
        var command = new Command("recipe",
            "Prints the recipe of a trial: everything that determines its numbers, and its digest.") { id, trial, format, CreateDiff() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(id) is not { } text || parsed.GetValue(trial) is not { } number)
                throw CommandException.BadInput("give a sweep and a trial: `sweep recipe ID --trial N`, " +
                    "or `sweep recipe diff ID --trial N --with M`.");
            await using var connection = await ClusterConnection.Open(SweepHome.Default(), cancellationToken);
            string json = await Read(connection, new TrialId(await connection.Resolve(text, cancellationToken), number), cancellationToken);
            // The digest is computed over exactly these bytes.
            if (parsed.GetValue(format) == Verb.Json) Output.Line(json);
            else
            {
                Output.Line(JsonNode.Parse(json)!.ToJsonString(Pretty));
                Output.Line($"digest {DigestOf(json)}");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateDiff()
    {
        var id = Verb.Id();
        var trial = Trial("--trial", "The one trial's number.");
        var with = Trial("--with", "The other trial's number.");
        var of = new Option<string?>("--of") { Description = "The other trial's sweep. Default: the same.", HelpName = "ID2" }.NotEmpty();
        of.CompletionSources.Add(context => Completion.SweepIds(context.WordToComplete));
        var format = Verb.Format();
        var command = new Command("diff",
            "Names what differs between the recipes of two trials, setting by setting.") { id, trial, with, of, format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var other = parsed.GetValue(of) is { } text ? await connection.Resolve(text, cancellationToken) : sweep;
            string one = await Read(connection, new TrialId(sweep, parsed.GetValue(trial)!.Value), cancellationToken);
            string two = await Read(connection, new TrialId(other, parsed.GetValue(with)!.Value), cancellationToken);
            var differences = RecipeDifference.Of(one, two);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(differences);
            else if (differences.Count == 0) Output.Line($"The same recipe: {DigestOf(one)}.");
            else
            {
                Output.Write(new FittingTable()
                    .Add("setting", differences.Select(d => Markup.Escape(d.Setting)))
                    .Add($"{sweep.Value} {parsed.GetValue(trial)}", differences.Select(d => Markup.Escape(d.One ?? Words.None)))
                    .Add($"{other.Value} {parsed.GetValue(with)}", differences.Select(d => Markup.Escape(d.Other ?? Words.None))));
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<int?> Trial(string name, string description) =>
        new(name) { Description = description, Required = true, HelpName = name == "--with" ? "M" : "N" };

    private static async Task<string> Read(ClusterConnection connection, TrialId trial, CancellationToken cancellationToken) =>
        await ClusterConnection.Ask(() => connection.Reader.Recipe(trial, cancellationToken), cancellationToken)
        ?? throw CommandException.BadInput($"{trial.Sweep} has no trial {trial.Number}. `sweep trials {trial.Sweep}` lists them.");

    private static string DigestOf(string json) => Digest.Of(Encoding.UTF8.GetBytes(json)).Value;
}
