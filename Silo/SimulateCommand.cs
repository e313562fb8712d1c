using System.Globalization;
using System.Text.Json;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;
using Grains.Interfaces.Model.Recorded;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Grains.Search.Simulation;

namespace Silo;

/// <summary>
/// Plays a search in virtual time for `sweep simulate`, which has no algorithms of its own. It prints JSON, and starts nothing of a silo.
/// </summary>
internal static class SimulateCommand
{
    private const int BadInput = 2;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <param name="args">The sweep file, slots, failures, stragglers and repetitions, which the command line has checked.</param>
    public static int Run(string[] args)
    {
        try
        {
            string path = Path.GetFullPath(args[0]), folder = Path.GetDirectoryName(path)!;
            var spec = SweepSpecReader.ReadAgain(File.ReadAllText(path), Path.GetFileName(path), folder);
            if (spec.Program is not RecordedSpec recorded)
            {
                throw new SpecException("program: only recorded curves can be simulated. Write `program: {recorded: FOLDER, task: …}`; " +
                    "docs/recorded.md says what is in the folder.");
            }
            var curves = RecordedCurves.Of(PackedFiles.Pack(Path.GetFullPath(recorded.Base, folder), recorded.Shipment), recorded.Task);
            if (curves.Refusal(recorded, spec.Budget) is { } refusal) throw new SpecException(refusal);
            var options = new SimulationOptions
            {
                Slots = int.Parse(args[1], CultureInfo.InvariantCulture),
                Failures = double.Parse(args[2], CultureInfo.InvariantCulture),
                Stragglers = double.Parse(args[3], CultureInfo.InvariantCulture),
            };
            var repetitions = Enumerable.Range(0, int.Parse(args[4], CultureInfo.InvariantCulture))
                .Select(r => Simulator.Run(spec with { Seed = spec.Seed + r }, curves, options)).ToList();
            Console.WriteLine(JsonSerializer.Serialize(new { repetitions }, Options));
            return 0;
        }
        catch (SpecException e)
        {
            Console.Error.WriteLine(e.Message);
            return BadInput;
        }
    }
}
