using System.Globalization;
using System.Text;
using Grains.Interfaces.Model.Randomness;

namespace Tests.Faults.Search;

/// <summary>Recorded curves of a made-up task, whose epochs cost nothing, so that whole searches run in seconds.</summary>
internal static class RecordedFolder
{
    private const int Configurations = 80, Epochs = 27;

    /// <summary>Writes the curves beside a cluster's home, and a sweep that searches in them.</summary>
    /// <returns>The path of the sweep file.</returns>
    public static string Write(LocalCluster cluster, string search, string more = "")
    {
        var configs = new StringBuilder("config,rate,width,momentum\n");
        var curves = new StringBuilder("config,epoch,loss,accuracy,time\n");
        for (int config = 0; config < Configurations; config++)
        {
            var luck = KeyedStream.Of(3, 0, "recorded", "", config);
            double rate = Math.Pow(10, -4 + 3 * luck.NextDouble()), momentum = luck.NextDouble();
            int width = 16 + luck.NextInt(240);
            configs.Append(CultureInfo.InvariantCulture, $"{config},{rate:R},{width},{momentum:R}\n");
            double floor = 0.2 + Math.Pow(Math.Log10(rate) + 2.3, 2) / 4 + momentum / 5 + 8.0 / width;
            for (int epoch = 1; epoch <= Epochs; epoch++)
            {
                double loss = floor + 1.5 * Math.Pow(epoch, -0.5 - luck.NextDouble() / 10);
                curves.Append(CultureInfo.InvariantCulture, $"{config},{epoch},{loss:R},{1 / (1 + loss):R},{epoch * width / 10.0:R}\n");
            }
        }
        cluster.Write("recorded/configs.csv", configs.ToString());
        cluster.Write("recorded/curves-made-up.csv", curves.ToString());
        return cluster.Write("search.yaml", $$"""
            name: search
            seed: 11
            program: {recorded: recorded, task: made-up, metrics: {loss: minimize, accuracy: record}, epochs: {{Epochs}}}
            parameters:
              rate: {min: 1e-4, max: 1e-1, log: true}
              width: {values: [16, 32, 64, 128, 256]}
              momentum: {min: 0, max: 0.99}
            search: {{search}}
            {{more}}
            """);
    }
}
