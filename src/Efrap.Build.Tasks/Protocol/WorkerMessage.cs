using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;

namespace Efrap.Build.Tasks.Protocol;

/// <summary>One line of the worker's answer; which members are set depends on <see cref="Type"/>.</summary>
[DataContract]
internal sealed class WorkerMessage
{
    /// <summary><c>progress</c>, <c>message</c>, <c>audited</c> or <c>result</c>.</summary>
    [DataMember(Name = "type")]
    public string? Type { get; set; }

    [DataMember(Name = "id")]
    public string? Id { get; set; }

    [DataMember(Name = "step")]
    public string? Step { get; set; }

    [DataMember(Name = "layer")]
    public string? Layer { get; set; }

    [DataMember(Name = "done")]
    public int Done { get; set; }

    [DataMember(Name = "count")]
    public int Count { get; set; }

    /// <summary><c>error</c>, <c>warning</c>, <c>notice</c> or <c>info</c>.</summary>
    [DataMember(Name = "severity")]
    public string? Severity { get; set; }

    [DataMember(Name = "code")]
    public string? Code { get; set; }

    [DataMember(Name = "text")]
    public string? Text { get; set; }

    [DataMember(Name = "file")]
    public string? File { get; set; }

    [DataMember(Name = "line")]
    public int Line { get; set; }

    [DataMember(Name = "verdict")]
    public string? Verdict { get; set; }

    [DataMember(Name = "page")]
    public string? Page { get; set; }

    [DataMember(Name = "output")]
    public string? Output { get; set; }

    [DataMember(Name = "layers")]
    public int Layers { get; set; }

    [DataMember(Name = "skipped")]
    public int Skipped { get; set; }

    /// <summary>The same message about another model or other files.</summary>
    /// <param name="id">The model.</param>
    /// <param name="path">Turns paths into others.</param>
    public WorkerMessage With(string id, Func<string?, string?> path)
    {
        var message = (WorkerMessage)MemberwiseClone();
        message.Id = Id is null ? null : id;
        message.File = path(File);
        message.Page = path(Page);
        message.Output = path(Output);
        return message;
    }

    /// <summary>Reads one line of standard output.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>The message, or null where the line is not one that the protocol knows.</returns>
    public static WorkerMessage? Parse(string line)
    {
        WorkerMessage? message;
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(line));
            message = (WorkerMessage?)new DataContractJsonSerializer(typeof(WorkerMessage)).ReadObject(stream);
        }
        // What a line that is no JSON object, or one with a member of another type, raises depends on the runtime.
        catch (Exception exception) when (exception is SerializationException or XmlException or FormatException or InvalidCastException)
        {
            return null;
        }

        return message switch
        {
            { Type: "progress", Id: not null } => message,
            { Type: "message", Severity: "error" or "warning" or "notice" or "info", Text: not null } => message,
            { Type: "audited", Id: not null, Verdict: not null } => message,
            { Type: "result", Id: not null, Output: not null } => message,
            _ => null,
        };
    }
}
