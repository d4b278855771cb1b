using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;

namespace Efrap.Build.Tasks.Cache;

/// <summary>What a cache must know of an audit's report: what it read beside the model, and whether another run would find the same.</summary>
[DataContract]
internal sealed class AuditFacts
{
    /// <summary>The model's external data.</summary>
    [DataMember(Name = "externalData")]
    public ExternalFile[]? ExternalData { get; set; }

    /// <summary>The source's external data.</summary>
    [DataMember(Name = "sourceExternalData")]
    public ExternalFile[]? SourceExternalData { get; set; }

    /// <summary>What was measured.</summary>
    [DataMember(Name = "indicators")]
    public Figure[]? Indicators { get; set; }

    /// <summary>Whether a time budget ended: more time would have found more.</summary>
    public bool IsCutShort => Indicators?.Any(figure => figure.IsCutShort) == true;

    /// <summary>Reads them.</summary>
    /// <param name="path">The report.</param>
    /// <exception cref="SerializationException">It is none.</exception>
    public static AuditFacts Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return (AuditFacts?)new DataContractJsonSerializer(typeof(AuditFacts)).ReadObject(file) ?? throw new SerializationException("this is no report");
    }

    /// <summary>A file of external data.</summary>
    [DataContract]
    internal sealed class ExternalFile
    {
        /// <summary>Its path below the folder of the model that refers to it.</summary>
        [DataMember(Name = "name")]
        public string Name { get; set; } = "";

        /// <summary>SHA-256 of its bytes.</summary>
        [DataMember(Name = "sha256")]
        public string Sha256 { get; set; } = "";
    }

    /// <summary>One figure.</summary>
    [DataContract]
    internal sealed class Figure
    {
        /// <summary>Whether its time budget ended.</summary>
        [DataMember(Name = "isCutShort")]
        public bool IsCutShort { get; set; }
    }
}
