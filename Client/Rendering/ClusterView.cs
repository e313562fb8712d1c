using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Rendering;

internal static class ClusterView
{
    public static object Json(ClusterDescription cluster) => new
    {
        silos = cluster.Silos.Select(s => new { s.Name, s.Pid, s.Address, s.State, s.Slots, s.Fingerprint }),
    };

    public static Table Table(ClusterDescription cluster)
    {
        var table = Output.NewTable("silo", ">pid", "address", "state", ">busy", "fingerprint", "environment", "version");
        foreach (var s in cluster.Silos.OrderBy(s => s.Name.Length).ThenBy(s => s.Name, StringComparer.Ordinal))
        {
            table.AddRow(Markup.Escape(s.Name), $"{s.Pid}", Markup.Escape(s.Address), Words.Marked(s.State, s.State == "Active" ? "green" : "yellow"),
                $"{s.Busy}/{s.Slots}", Markup.Escape(s.Fingerprint.Length > 12 ? s.Fingerprint[..12] : s.Fingerprint), Markup.Escape(s.Environment), Markup.Escape(s.Version));
        }
        return table;
    }
}
