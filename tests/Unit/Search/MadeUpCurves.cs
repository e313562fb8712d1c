using System.Globalization;
using System.Text;
using Grains.Interfaces.Model.Files;
using Grains.Interfaces.Model.Randomness;
using Grains.Interfaces.Model.Recorded;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Search;

/// <summary>Recorded curves of a made-up task, and sweeps over them.</summary>
internal static class MadeUpCurves
{
    public const int Epochs = 27;

    public static RecordedCurves Of(int configurations = 60)
    {
        var configs = new StringBuilder("config,rate,width\n");
        var curves = new StringBuilder("config,epoch,loss,time\n");
        for (int config = 0; config < configurations; config++)
        {
            var luck = KeyedStream.Of(3, 0, "recorded", "", config);
            double rate = Math.Pow(10, -4 + 3 * luck.NextDouble());
            int width = 16 + luck.NextInt(240);
            configs.Append(CultureInfo.InvariantCulture, $"{config},{rate:R},{width}\n");
            for (int epoch = 1; epoch <= Epochs; epoch++)
            {
                double loss = Math.Pow(Math.Log10(rate) + 2.3, 2) / 4 + 8.0 / width + 1.5 * Math.Pow(epoch, -0.5 - luck.NextDouble() / 10);
                curves.Append(CultureInfo.InvariantCulture, $"{config},{epoch},{loss:R},{epoch * width / 10.0:R}\n");
            }
        }
        return Of(configs.ToString(), curves.ToString());
    }

    public static RecordedCurves Of(string configs, string curves)
    {
        string folder = Directory.CreateTempSubdirectory("sweep-recorded-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "configs.csv"), configs);
            File.WriteAllText(Path.Combine(folder, "curves-t.csv"), curves);
            return RecordedCurves.Of(PackedFiles.Pack(folder, ["configs.csv", "curves-t.csv"]), "t");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static SweepSpec Spec(string search, string more = "")
    {
        var reading = SweepSpecReader.Read($$"""
            name: search
            program: {recorded: r, task: t, metrics: {loss: minimize}, epochs: {{Epochs}}}
            parameters:
              rate: {min: 1e-4, max: 1e-1, log: true}
              width: {values: [16, 32, 64, 128, 256]}
            search: {{search}}
            {{more}}
            """, "s.yaml", "/");
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }
}
