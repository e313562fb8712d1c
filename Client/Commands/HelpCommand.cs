using System.CommandLine;

namespace Client.Commands;

/// <summary>`sweep help cluster up` prints what `sweep cluster up --help` prints.</summary>
internal static class HelpCommand
{
    public static Command Create()
    {
        var verbs = new Argument<string[]>("VERB")
        {
            Description = "The verb to explain. Default: all of them, a line each.",
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "VERB",
        };
        verbs.CompletionSources.Add(_ => SweepCommand.Create().Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
        var command = new Command("help", "Explains a verb.") { verbs };
        command.SetAction(parsed =>
        {
            string[] words = parsed.GetValue(verbs) ?? [];
            Command of = SweepCommand.Create();
            foreach (string word in words)
            {
                of = of.Subcommands.FirstOrDefault(c => !c.Hidden && c.Name == word)
                    ?? throw CommandException.BadInput(of.Subcommands.Any(c => !c.Hidden)
                        ? Misunderstanding.NoVerb(of, word)
                        : $"`{Misunderstanding.PathOf(of)}` has no verbs of its own.");
            }
            return SweepCommand.Create().Parse([.. words, "--help"]).Invoke();
        });
        return command;
    }
}
