using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Rendering;

internal static class ClusterView
{
    public static object Json(ClusterDescription cluster) => new
    {
        silos = cluster.Silos.Select(s => new { s.Name, s.Pid, s.Address, s.State, s.Slots, s.Fingerprint }),
    };

    public static FittingTable Table(ClusterDescription cluster)
    {
        var silos = cluster.Silos.OrderBy(s => s.Name.Length).ThenBy(s => s.Name, StringComparer.Ordinal).ToList();
        return new FittingTable()
            .Add("silo", silos.Select(s => Markup.Escape(s.Name)))
            .Add("pid", silos.Select(s => $"{s.Pid}"), number: true)
            .Add("address", silos.Select(s => Markup.Escape(s.Address)))
            .Add("state", silos.Select(s => Words.Marked(s.State, s.State == "Active" ? "green" : "yellow")))
            .Add("busy", silos.Select(s => $"{s.Busy}/{s.Slots}"), number: true)
            .Add("fingerprint", silos.Select(s => Markup.Escape(s.Fingerprint.Length > 12 ? s.Fingerprint[..12] : s.Fingerprint)))
            .Add("environment", silos.Select(s => Markup.Escape(s.Environment)))
            .Add("version", silos.Select(s => Markup.Escape(s.Version)), shorter: silos.Select(s => Markup.Escape(s.Version.Split('+')[0])))
            .Giving("environment", "address", "version", "fingerprint", "pid")
            .Elsewhere("a wider terminal has them");
    }
}
